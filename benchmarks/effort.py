"""How much work a run puts into its figures."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """`rounds` is how often the sides of a comparison take turns, each for `round_s` seconds.

    `requests` is how many distinct ones are priced, `calls` how often a single answer is timed;
    `bookings` are the sizes of the databases looked into, smallest first.
    """

    rounds: int
    round_s: float
    requests: int
    rules: int
    calls: int
    bookings: tuple[int, ...]

    @classmethod
    def usual(cls) -> Self:
        return cls(
            rounds=7,
            round_s=1.5,
            requests=2_500,
            rules=10_000,
            calls=200,
            bookings=(1_000, 100_000),
        )

    @classmethod
    def full(cls) -> Self:
        return cls(
            rounds=9,
            round_s=3.0,
            requests=5_000,
            rules=10_000,
            calls=500,
            bookings=(1_000, 100_000, 1_000_000),
        )

    @classmethod
    def least(cls) -> Self:
        """Only enough to see that the measures work; the figures mean nothing."""
        return cls(rounds=1, round_s=0.1, requests=40, rules=100, calls=3, bookings=(20, 40))
