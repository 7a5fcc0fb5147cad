"""Sides that take turns, so that a busy machine hurts all of them alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.progress import Progress

REPORTS = 7


@dataclass(frozen=True, slots=True)
class Turns:
    """What every side got in each of its turns."""

    by_side: Mapping[str, Sequence[float]]

    def median(self, side: str) -> float:
        return median(self.by_side[side])

    def share(self, side: str, *, of: str) -> float:
        """Return how much of another side it reached, turn against the turn beside it."""
        pairs = zip(self.by_side[side], self.by_side[of], strict=True)
        return median(ours / theirs for ours, theirs in pairs)


def interleaved(
    sides: Mapping[str, Callable[[], float]], *, rounds: int, progress: Progress
) -> Turns:
    """Let each side have its turn `rounds` times, after one turn each to warm up."""
    for act in sides.values():
        act()
    seen: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        if number % max(1, rounds // REPORTS) == 0:
            progress.tell(f"  round {number + 1} of {rounds}")
        for name, act in sides.items():
            seen[name].append(act())
    return Turns(seen)
