"""The promises hold, whatever is drawn."""

import os
from collections import Counter
from typing import Final

import pytest

from totetaxi_adapters.simulation.action import NOTHING
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.report import report
from totetaxi_adapters.simulation.shrink import shortest
from totetaxi_adapters.simulation.simulation import simulate

STEPS: Final = 300
SEEDS: Final = 1_000 if os.environ.get("TOTETAXI_SOAK") else 50
CHUNK: Final = 10
LOOKED_OVER: Final = 20  # of the seeds: what happens in them is counted, too
RARE: Final = ("has moved", "waits to move", "a saved card for")


@pytest.mark.parametrize("first", range(LOOKED_OVER + 1, SEEDS + 1, CHUNK))
def test_given_seeds_of_300_steps_when_run_then_no_promise_is_broken(first: int) -> None:
    for seed in range(first, first + CHUNK):
        outcome = simulate(History.of(seed, steps=STEPS))

        assert outcome.breach is None, "\n".join(report(shortest(outcome, simulate)))


def test_given_the_seeds_when_run_then_they_hold_and_what_is_rare_has_happened() -> None:
    said: Counter[str] = Counter()
    for seed in range(1, LOOKED_OVER + 1):
        outcome = simulate(History.of(seed, steps=STEPS))
        assert outcome.breach is None, "\n".join(report(shortest(outcome, simulate)))
        for line in outcome.lines:
            if line.said != NOTHING:
                said[f"{line.action}: {line.said.split(' ', 1)[0]}"] += 1
                said.update(each for each in RARE if each in line.said)

    assert said["customer pays: died"]
    assert said["worker does what is owed: died"]
    assert said["customer cancels: cancelled"] > 20
    assert said["customer books: refused,"] > 20
    assert said["staff approve a refund: approved"]
    assert said["customer pays on a page: 4242424242424242"]
    assert said["worker reconciles: 0"] > 5
    assert said["driver goes on: the"] > 40
    assert said["dispatchers change a drive: delete"]
    assert said["Onfleet sends an event: taskStarted"]
    assert said["staff and worker look at a drive: the"] > 5
    assert said["worker tells subscribers: died"] + said["worker checks drives: died"]
    assert said["customer books as shown: booked"] > 20
    assert said["customer cancels at an edge: cancelled"] > 10
    assert said["holder saves a card: 4242424242424242:"] > 3
    assert said["holder leaves: deleted"]
    assert all(said[each] for each in RARE)
