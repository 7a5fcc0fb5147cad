import json
import re

import pytest

from tests.cli.conftest import Outcome, Runner
from tests.simulation.planted_bugs import crews_not_freed


def broken(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, *more: str) -> Outcome:
    """Simulate an application that never frees a crew."""
    crews_not_freed(monkeypatch)
    return totetaxi("simulate", "--seed", "1", "--seeds", "20", *more)


def test_given_a_seed_when_simulated_twice_then_the_bytes_are_the_same(totetaxi: Runner) -> None:
    first = totetaxi("simulate", "--seed", "7", "--steps", "120", "--tell")

    second = totetaxi("simulate", "--seed", "7", "--steps", "120", "--tell")

    assert first.code == 0
    assert first.out == second.out
    assert first.out.splitlines()[-2] == "seed 7, 120 steps: every promise holds"


def test_given_several_seeds_when_simulated_then_json_names_them(totetaxi: Runner) -> None:
    done = totetaxi("simulate", "--seed", "3", "--seeds", "4", "--steps", "40", "--json")

    assert (done.code, done.json["breach"]) == (0, None)
    assert (done.json["first_seed"], done.json["last_seed"], done.json["seeds"]) == (3, 6, 4)


def test_given_no_seed_when_simulated_for_no_minute_then_a_drawn_one_runs(
    totetaxi: Runner,
) -> None:
    done = totetaxi("simulate", "--minutes", "0", "--steps", "10")

    assert done.code == 0
    assert re.match(r"seed \d+, 10 steps: every promise holds\n", done.out)


def test_given_a_bug_when_simulated_then_the_shortest_history_is_told_and_shows_it_again(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = broken(totetaxi, monkeypatch)
    again = told.out.splitlines()[-1].removeprefix("Again: totetaxi ").split()

    shown = totetaxi(*again)

    assert told.code == shown.code == 1
    assert "breaks a promise: no oversell" in told.out.splitlines()[0]
    assert told.out == shown.out


def test_given_a_bug_when_simulated_as_json_then_the_breach_is_in_it(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = broken(totetaxi, monkeypatch, "--json")

    breach = json.loads(told.out)["breach"]
    assert told.code == 1
    assert breach["promise"] == "no oversell"
    assert len(breach["numbers"]) <= 12
    assert breach["again"].startswith("totetaxi simulate --seed ")


@pytest.mark.parametrize("given", [("--only", "1,x", "--seed", "1"), ("--only", "1,2")])
def test_given_bad_steps_when_simulated_then_it_is_refused(
    totetaxi: Runner, given: tuple[str, ...]
) -> None:
    refused = totetaxi("simulate", *given)

    assert refused.code == 2
    assert refused.errors == [
        "wrong_type --only: must be numbers of steps, as 3,17,52, of a --seed"
    ]
