"""Makes a history that breaks a promise as short as it can be."""

from collections.abc import Callable
from typing import Final

from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.simulation import Outcome

Run = Callable[[History], Outcome]
MOST_RUNS: Final = 2_000


def shortest(outcome: Outcome, run: Run, *, most_runs: int = MOST_RUNS) -> Outcome:
    """Return a breach of the same promise from which no single step can be left out.

    Whole stretches are left out first, then halves of them, down to single steps. After so many
    runs it is the shortest found by then.
    """
    return _Shrinking(outcome, run, most_runs=most_runs).shortest()


class _Shrinking:
    def __init__(self, outcome: Outcome, run: Run, *, most_runs: int) -> None:
        self._best, self._run, self._runs_left = outcome, run, most_runs

    def shortest(self) -> Outcome:
        self._cut_after_breach()
        length = max(len(self._best.history) // 2, 1)
        while True:
            has_cut = self._leave_out_stretches(length)
            if length == 1 and not has_cut:
                return self._best
            length = max(length // 2, 1)

    def _cut_after_breach(self) -> None:
        breach, history = self._best.breach, self._best.history
        if breach is not None and breach.step is not None:
            kept = tuple(number for number in history.numbers if number <= breach.step)
            self._try(kept)

    def _leave_out_stretches(self, length: int) -> bool:
        """Try to leave out each stretch of so many steps, the last first."""
        has_cut = False
        start = len(self._best.history) - length
        while start >= 0:
            numbers = self._best.history.numbers
            if self._try(numbers[:start] + numbers[start + length :]):
                has_cut = True
            start = min(start, len(self._best.history)) - length
        return has_cut

    def _try(self, numbers: tuple[int, ...]) -> bool:
        """Keep the shorter history if it breaks the same promise."""
        if self._best.breach is None or not numbers or not self._runs_left:
            return False
        self._runs_left -= 1
        tried = self._run(History(self._best.history.seed, numbers))
        if tried.breach is None or tried.breach.promise != self._best.breach.promise:
            return False
        self._best = tried
        return True
