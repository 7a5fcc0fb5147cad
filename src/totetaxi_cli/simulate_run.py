"""Runs seed after seed, shows how far it is, and tells what it finds."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from random import SystemRandom
from time import monotonic

import typer
from rich.console import Console
from rich.progress import Progress

from totetaxi_adapters.simulation.breach import Breach
from totetaxi_adapters.simulation.history import DRAWS, History
from totetaxi_adapters.simulation.report import again, report
from totetaxi_adapters.simulation.shrink import shortest
from totetaxi_adapters.simulation.simulation import Outcome, simulate
from totetaxi_cli.output import print_json
from totetaxi_core.refusal import FieldFault, InvalidInputError

BROKEN = 1
SEEDS = 20
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, as it was typed."""

    seed: int | None
    steps: int
    seeds: int | None
    minutes: float | None
    only: str | None
    tell: bool

    @property
    def number(self) -> int | None:
        """How many histories there are; None when the clock ends them."""
        if self.minutes is not None:
            return None
        return 1 if self.only else self.seeds or (SEEDS if self.seed is None else 1)

    def histories(self) -> Iterator[History]:
        """Yield the histories to run.

        Raises:
            InvalidInputError: `only` is no list of steps, or comes without its seed.
        """
        if self.only is not None:
            yield self._part(self.only)
            return
        first = self.seed if self.seed is not None else SystemRandom().randrange(DRAWS)
        ends_at = monotonic() + (self.minutes or 0) * SECONDS
        for seed in count(first):
            is_over = monotonic() >= ends_at if self.number is None else seed - first >= self.number
            if is_over and seed > first:
                return
            yield History.of(seed, steps=self.steps)

    def _part(self, only: str) -> History:
        numbers = [int(number) for number in only.split(",") if number.strip().isdecimal()]
        if self.seed is None or len(numbers) != only.count(",") + 1:
            message = "must be numbers of steps, as 3,17,52, of a --seed"
            raise InvalidInputError(
                [FieldFault(field="--only", code="wrong_type", message=message)]
            )
        return History(self.seed, tuple(sorted(set(numbers))))


def run_simulations(wanted: Wanted, *, as_json: bool) -> None:
    """Run what was asked for and tell how it went; exit 1 if a promise was broken.

    Raises:
        InvalidInputError: the steps asked for are none.
    """
    with _shown(wanted.number) as show:
        seeds, last = _run(wanted, show)
        if last.breach is not None and wanted.only is None:
            show(seeds, "a promise is broken; looking for the shortest history")
            last = shortest(last, simulate)
    if as_json:
        print_json(_content(last, wanted, seeds=seeds))
    else:
        _tell(last, wanted, seeds=seeds)
    if last.breach is not None:
        raise typer.Exit(BROKEN)


def _run(wanted: Wanted, show: Callable[[int, str], None]) -> tuple[int, Outcome]:
    """Run until a promise is broken or all is done; return how many seeds, and the last outcome."""
    outcome: Outcome | None = None
    done = 0
    for history in wanted.histories():
        outcome = simulate(history)
        done += 1
        show(done, f"simulating: {done} seeds")
        if outcome.breach is not None:
            break
    if outcome is None:
        raise RuntimeError("there is always a first seed")
    return done, outcome


@contextmanager
def _shown(total: int | None) -> Iterator[Callable[[int, str], None]]:
    """Show a bar on standard error where somebody looks at it."""
    console = Console(file=sys.stderr)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("simulating", total=total)
        yield lambda done, words: bar.update(task, completed=done, description=words)


def _tell(outcome: Outcome, wanted: Wanted, *, seeds: int) -> None:
    history = outcome.history
    if outcome.breach is not None:
        for line in report(outcome):
            typer.echo(line)
        return
    if wanted.tell:
        for told in outcome.lines:
            if told.is_worth_telling:
                typer.echo(str(told))
    if seeds == 1:
        typer.echo(f"seed {history.seed}, {len(history)} steps: every promise holds")
        typer.echo(f"digest {outcome.digest}")
    else:
        first = history.seed - seeds + 1
        words = f"seeds {first} to {history.seed}, {wanted.steps} steps each"
        typer.echo(f"{words}: every promise holds")


def _content(outcome: Outcome, wanted: Wanted, *, seeds: int) -> dict[str, object]:
    history = outcome.history
    return {
        "first_seed": history.seed - seeds + 1,
        "seeds": seeds,
        "steps": wanted.steps,
        "last_seed": history.seed,
        "digest": outcome.digest,
        "breach": _breach_content(outcome.breach, outcome) if outcome.breach else None,
    }


def _breach_content(breach: Breach, outcome: Outcome) -> dict[str, object]:
    return {
        "promise": breach.promise,
        "what": breach.what,
        "after_step": breach.step,
        "numbers": list(outcome.history.numbers),
        "tale": [str(line) for line in outcome.lines],
        "again": again(outcome.history),
    }
