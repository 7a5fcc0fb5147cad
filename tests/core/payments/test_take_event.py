import asyncio

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.gateway import PaymentEvent
from totetaxi_core.payments.take_event import take_event


def an_event(
    *, intent_id: str | None = None, provider_refund_id: str | None = None, number: int = 1
) -> PaymentEvent:
    return PaymentEvent(
        id=f"evt_{number}",
        kind="payment_intent.succeeded",
        intent_id=intent_id,
        provider_refund_id=provider_refund_id,
    )


def owed(house: MemoryHouse) -> list[tuple[EffectKind, dict[str, str]]]:
    kinds = (EffectKind.SETTLE_INTENT, EffectKind.FOLLOW_REFUND)
    return [(kind, dict(effect.payload)) for kind in kinds for effect in house.effects(kind)]


@pytest.mark.parametrize(
    ("event", "owes"),
    [
        (an_event(intent_id="pi_1"), [(EffectKind.SETTLE_INTENT, {"intent_id": "pi_1"})]),
        (
            an_event(provider_refund_id="re_1"),
            [(EffectKind.FOLLOW_REFUND, {"provider_refund_id": "re_1"})],
        ),
        (an_event(), []),
    ],
)
async def test_given_an_event_when_taken_twice_then_it_owes_its_look_once(
    event: PaymentEvent, owes: list[tuple[EffectKind, dict[str, str]]]
) -> None:
    house = await a_house()

    first = await take_event(event, house.ports)
    before = house.stored()
    second = await take_event(event, house.ports)

    assert (first, second) == (True, False)
    assert owed(house) == owes
    assert house.stored() == before
    assert event.id in house.database.provider_events.rows


async def test_given_one_event_delivered_at_once_when_taken_then_it_owes_its_look_once() -> None:
    house = await a_house()
    event = an_event(intent_id="pi_1")

    answers = await asyncio.gather(*(take_event(event, house.ports) for _ in range(4)))

    assert sorted(answers) == [False, False, False, True]
    assert len(owed(house)) == 1


async def test_given_every_event_of_a_payment_when_taken_backwards_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    events = house.stripe.take_events()

    for event in reversed(events):
        await take_event(event, house.ports)
        await house.work_off()

    assert len(events) >= 2
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.payments(booking)) == 1


async def test_given_an_event_whose_transaction_is_lost_when_sent_again_then_it_is_taken() -> None:
    house = await a_house()
    event = an_event(intent_id="pi_1")
    async with house.ports.unit_of_work() as uow:
        await uow.provider_events.add(event, received_at=house.clock())

    taken = await take_event(event, house.ports)

    assert taken
    assert len(owed(house)) == 1
