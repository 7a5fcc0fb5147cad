"""A history: which of a seed's steps are taken. Each step is drawn from its own number alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Self

DRAWS = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One step. `draws` decide what the action decides; each action reads them in its own way.

    `turns` callbacks run after it, so that what it began may hang over later steps; before it
    the clock moves on by `pause_ms`.
    """

    number: int
    action: str
    draws: tuple[int, int, int]
    turns: int
    pause_ms: int


@dataclass(frozen=True, slots=True)
class History:
    """The steps of a seed that are taken, by number, ascending.

    As no step's draws depend on another's, any may be left out and the rest stay what they were.
    """

    seed: int
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, seed: int, *, steps: int) -> Self:
        return cls(seed, tuple(range(1, steps + 1)))

    def __len__(self) -> int:
        return len(self.numbers)

    def randoms(self) -> Iterator[tuple[int, Random]]:
        """Yield each step's number and its own source of randomness."""
        for number in self.numbers:
            yield number, random_of(self.seed, f"step {number}")


def random_of(seed: int, purpose: str) -> Random:
    """Return a source of randomness: the same for the same words, in every process."""
    return Random(f"{seed} {purpose}")  # noqa: S311  to be drawn again; nothing is a secret
