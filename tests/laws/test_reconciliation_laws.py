"""Whatever happened to the money: a house at rest has no drift, and repairs leave none behind."""

import asyncio
from datetime import timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.bookings.sample_books import book_with_code
from tests.core.reconciliation.drifting import LONG_ENOUGH
from tests.laws import money_acts
from tests.laws.money_acts import ACTS, Act, book, come_to_rest, pay
from tests.laws.test_money_sequences import CENTS, check_step
from totetaxi_core.reconciliation.drift import Outcome
from totetaxi_core.reconciliation.reconcile import Reconciliation, reconcile
from totetaxi_core.reconciliation.sweep import Span
from totetaxi_core.refusal import DomainError

# What these leave behind is for a person: a refund that fails for them keeps money back.
MISHAPS: Final = (
    money_acts.bank_sends_back,
    money_acts.dispute,
    money_acts.judge,
    money_acts.refund_by_hand,
)
SOUND: Final = tuple(act for act in ACTS if act not in MISHAPS)


def steps_of(acts: tuple[Act, ...]) -> st.SearchStrategy[list[tuple[Act, int]]]:
    return st.lists(st.tuples(st.sampled_from(acts), CENTS), max_size=25)


async def a_house_after(steps: list[tuple[Act, int]]) -> MemoryHouse:
    house = await a_house(book=book_with_code())
    await book(house, 0)
    await pay(house, 0)
    for act, figure in steps:
        try:
            await act(house, figure)
        except DomainError as refusal:
            assert refusal.code  # noqa: PT017  any refusal will do; other errors fail the law
    return house


async def reconciled_from_the_start(house: MemoryHouse, *, repair: bool) -> Reconciliation:
    now = house.clock()
    span = Span(begin=now - timedelta(days=60), until=now)
    return await reconcile(span, house.ports, house.terms, repair=repair)


@settings(max_examples=100)
@given(steps=steps_of(SOUND))
def test_given_a_house_without_mishaps_when_it_is_at_rest_then_nothing_has_drifted(
    steps: list[tuple[Act, int]],
) -> None:
    async def story() -> None:
        house = await a_house_after(steps)
        await come_to_rest(house)
        house.clock.advance(LONG_ENOUGH)

        found = await reconciled_from_the_start(house, repair=False)

        assert found.drifts == ()
        assert found.compared > 0

    asyncio.run(story())


@settings(max_examples=100)
@given(steps=steps_of(ACTS))
def test_given_any_history_when_repaired_then_again_finds_nothing_that_could_be(
    steps: list[tuple[Act, int]],
) -> None:
    async def story() -> None:
        house = await a_house_after(steps)
        house.clock.advance(LONG_ENOUGH)

        await reconciled_from_the_start(house, repair=True)
        again = await reconciled_from_the_start(house, repair=True)

        assert {one.outcome for one in again.drifts} <= {Outcome.LEFT, Outcome.FAILED}
        await check_step(house)

    asyncio.run(story())
