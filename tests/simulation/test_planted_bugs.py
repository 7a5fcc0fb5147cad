"""Bugs planted on purpose: each is found, and soon. The soak plants all of them."""

import os
from time import process_time
from typing import Final

import pytest

from tests.simulation.bugs import ALL, SOON, Bug
from totetaxi_adapters.simulation.breach import Breach
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.simulation import simulate

WITHIN_S: Final = 60
MISPLANTED: Final = ("AttributeError", "TypeError", "NameError")  # what a patch gone stale raises
BUGS: Final = ALL if os.environ.get("TOTETAXI_SOAK") else SOON


def first_breach() -> Breach | None:
    """Return the first promise that any seed finds broken, within a minute of computing."""
    began = process_time()
    seed = 0
    while process_time() - began < WITHIN_S:
        seed += 1
        breach = simulate(History.of(seed, steps=300)).breach
        if breach is not None:
            return breach
    return None


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_given_a_bug_when_simulated_then_a_promise_is_found_broken_within_a_minute(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug.plant(monkeypatch)

    breach = first_breach()

    assert breach is not None, f"{bug.name} was not found"
    assert not [each for each in MISPLANTED if each in breach.what], breach.what
