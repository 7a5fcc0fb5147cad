"""Histories: a step is what it is, whichever others are taken."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from totetaxi_adapters.simulation.actors import ACTIONS
from totetaxi_adapters.simulation.choice import choose
from totetaxi_adapters.simulation.history import Decision, History
from totetaxi_adapters.simulation.season import STARTS, new_york_offset
from totetaxi_adapters.simulation.swarm import Swarm

NEW_YORK = ZoneInfo("America/New_York")


def decisions(history: History) -> dict[int, Decision]:
    swarm = Swarm.of(history.seed, ACTIONS)
    return {number: swarm.decision(number, random) for number, random in history.randoms()}


@given(seed=st.integers(0, 1_000), kept=st.sets(st.integers(1, 60), min_size=1))
def test_given_a_history_when_steps_are_left_out_then_the_rest_stay_what_they_were(
    seed: int, kept: set[int]
) -> None:
    whole = decisions(History.of(seed, steps=60))

    part = decisions(History(seed, tuple(sorted(kept))))

    assert part == {number: whole[number] for number in kept}


@given(draw=st.integers(0, 65_535), among=st.sets(st.integers(0, 500), min_size=2))
def test_given_a_choice_when_others_are_left_out_then_it_is_the_same(
    draw: int, among: set[int]
) -> None:
    chosen = choose(draw, among, name=lambda each: each)

    for left_out in among - {chosen}:
        assert choose(draw, among - {left_out}, name=lambda each: each) == chosen


def test_given_the_seeds_when_looked_over_then_each_action_and_start_comes_up() -> None:
    seen = [decisions(History.of(seed, steps=100)) for seed in range(40)]

    names = {each.action for one in seen for each in one.values()}

    assert names == {action.name for action in ACTIONS}
    assert {Swarm.of(seed, ACTIONS).start for seed in range(60)} == set(STARTS)


@given(st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2036, 1, 1)))  # noqa: DTZ001  made aware below
def test_given_an_instant_when_new_york_is_asked_then_the_law_is_what_its_zone_says(
    at: datetime,
) -> None:
    instant = at.replace(tzinfo=ZoneInfo("UTC"))

    offset = new_york_offset(instant)

    assert offset == instant.astimezone(NEW_YORK).utcoffset()


def test_given_the_starts_when_four_days_pass_then_clocks_change_in_both_ways() -> None:
    changes = set()
    for start in STARTS:
        hours = [start + timedelta(hours=hour) for hour in range(96)]
        offsets = [new_york_offset(each) for each in hours]
        changes |= {later - earlier for earlier, later in pairwise(offsets)}

    assert changes == {timedelta(0), timedelta(hours=1), timedelta(hours=-1)}
