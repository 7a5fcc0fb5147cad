"""The end of a history: nothing goes wrong any more, whatever was begun before."""

from dataclasses import replace
from typing import Final

from totetaxi_adapters.simulation.action import NOTHING
from totetaxi_adapters.simulation.actors import stripe
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.simulation import simulate

SILENCE: Final = tuple(
    replace(each, is_vital=True) for each in stripe.ACTIONS if each.act is stripe.fall_silent
)


def test_given_a_silence_begun_in_the_last_step_when_at_rest_then_the_provider_answers() -> None:
    said = []

    for seed in range(30):
        outcome = simulate(History.of(seed, steps=1), actions=SILENCE)
        said += [line.said for line in outcome.lines if line.action == SILENCE[0].name]
        assert outcome.breach is None

    assert NOTHING in said
    assert len(set(said)) > 1
