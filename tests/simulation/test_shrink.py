"""Shrinking: what is left breaks the promise, and needs each of its steps to."""

import pytest

from tests.simulation.bugs import QUICK, Bug
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.report import again, report
from totetaxi_adapters.simulation.shrink import shortest
from totetaxi_adapters.simulation.simulation import Outcome, simulate


def a_breach() -> Outcome:
    outcomes = (simulate(History.of(seed, steps=300)) for seed in range(1, 50))
    return next(outcome for outcome in outcomes if outcome.breach is not None)


@pytest.mark.parametrize("bug", QUICK, ids=lambda bug: bug.name)
def test_given_a_breach_when_shortened_then_no_step_of_it_can_be_left_out(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug.plant(monkeypatch)
    found = a_breach()

    least = shortest(found, simulate)

    assert least.breach is not None
    assert found.breach is not None
    assert least.breach.promise == found.breach.promise
    assert len(least.history) <= 12
    numbers = least.history.numbers
    for left_out in numbers:
        rest = tuple(number for number in numbers if number != left_out)
        breach = simulate(History(least.history.seed, rest)).breach
        assert breach is None or breach.promise != least.breach.promise


def test_given_a_breach_when_reported_then_its_command_shows_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    QUICK[0].plant(monkeypatch)
    least = shortest(a_breach(), simulate)

    lines = list(report(least))

    assert lines[-1] == f"Again: {again(least.history)}"
    assert simulate(least.history).digest == least.digest


def test_given_few_runs_when_shortened_then_it_is_the_shortest_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    QUICK[0].plant(monkeypatch)
    found = a_breach()

    hasty = shortest(found, simulate, most_runs=3)

    assert hasty.breach is not None
    assert len(shortest(found, simulate).history) < len(hasty.history) < len(found.history)


def test_given_nothing_broken_when_reported_then_there_is_nothing_to_say() -> None:
    sound = simulate(History.of(1, steps=20))

    assert sound.breach is None
    assert list(report(sound)) == []
