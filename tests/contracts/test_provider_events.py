import pytest

from tests.builders import NOW
from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.payments.gateway import PaymentEvent

EVENT = PaymentEvent(
    id="evt_1", kind="payment_intent.succeeded", intent_id="pi_1", provider_refund_id=None
)
OTHER = PaymentEvent(
    id="evt_2", kind="payment_intent.succeeded", intent_id="pi_1", provider_refund_id=None
)


async def add(uow_factory: UowFactory, event: PaymentEvent) -> bool:
    async with uow_factory() as uow:
        is_new = await uow.provider_events.add(event, received_at=NOW)
        await uow.commit()
    return is_new


async def test_given_an_event_when_it_comes_twice_then_the_second_is_known(
    uow_factory: UowFactory,
) -> None:
    outcomes = [await add(uow_factory, event) for event in (EVENT, EVENT, OTHER, EVENT)]

    assert outcomes == [True, False, True, False]


async def test_given_an_event_rolled_back_when_it_comes_again_then_it_is_new(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        await uow.provider_events.add(EVENT, received_at=NOW)

    assert await add(uow_factory, EVENT)


@pytest.mark.parametrize("commits", [True, False])
async def test_given_an_event_twice_at_once_when_the_first_ends_then_the_second_knows(
    uow_factory: UowFactory, *, commits: bool
) -> None:
    async with uow_factory() as uow:
        await uow.provider_events.add(EVENT, received_at=NOW)
        waiting = await start_blocked(add(uow_factory, EVENT), by=uow)
        if commits:
            await uow.commit()

    is_new = await outcome(waiting)
    assert is_new is not commits
