"""Tells a breach: which promise, how it came about, and how to see it again."""

from collections.abc import Iterator

from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.simulation import Outcome
from totetaxi_adapters.simulation.tale import REST_FROM


def report(outcome: Outcome) -> Iterator[str]:
    """Yield the lines of the report; the same outcome is told in the same bytes."""
    breach, history = outcome.breach, outcome.history
    if breach is None:
        return
    when = f"after step {breach.step}" if breach.step else "once all had come to rest"
    yield f"seed {history.seed} breaks a promise: {breach.promise}"
    yield f"  {breach.what}, {when}"
    yield f"The shortest history that does, {len(history)} steps:"
    told = [line for line in outcome.lines if line.is_worth_telling]
    own = [line for line in told if line.number < REST_FROM]
    yield from (f"{line}" for line in own)
    if len(told) > len(own):
        yield f"Meanwhile, everybody finished what was begun: {len(told) - len(own)} more acts."
    yield f"digest {outcome.digest}"
    yield f"Again: {again(history)}"


def again(history: History) -> str:
    """Return the command that runs the history again."""
    numbers = ",".join(str(number) for number in history.numbers)
    return f"totetaxi simulate --seed {history.seed} --only {numbers}"
