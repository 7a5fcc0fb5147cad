import pytest

from tests.builders import an_effect, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.notifications.keep_message import keep_message
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect


def an_owed_message(kind: MessageKind, **payload: str) -> OwedEffect:
    return an_effect(kind=EffectKind.SEND_MESSAGE, payload={"message_kind": kind, **payload})


async def keep(house: MemoryHouse, effect: OwedEffect) -> None:
    await keep_message(effect, house.ports, house.terms)


async def test_given_an_owed_message_when_kept_twice_then_it_is_there_once() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    effect = an_owed_message(MessageKind.BOOKING_RECEIVED, booking_id=str(booking.id))

    await keep(house, effect)
    before = house.stored()
    await keep(house, effect)

    [message] = house.messages(MessageKind.BOOKING_RECEIVED)
    assert message.id == effect.id
    assert (message.booking_id, message.to) == (booking.id, "Ada.Guest@Example.com")
    assert message.created_at == house.clock()
    assert house.stored() == before


async def test_given_a_message_about_a_refund_when_kept_then_it_says_how_much() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    stray = await house.stray_intent(booking)
    await house.confirm_in_cash(booking)
    await house.settle(house.pay(stray))
    [refund] = house.refunds(booking)
    effect = an_owed_message(
        MessageKind.SECOND_PAYMENT_REFUNDED, booking_id=str(booking.id), refund_id=str(refund.id)
    )

    await keep(house, effect)

    [message] = house.messages(MessageKind.SECOND_PAYMENT_REFUNDED)
    assert "$995.00" in message.text


async def test_given_a_booking_that_is_gone_when_its_message_is_kept_then_it_is_refused() -> None:
    house = await a_house()
    effect = an_owed_message(MessageKind.RECEIPT, booking_id=str(an_id()))

    with pytest.raises(BookingNotFoundError):
        await keep(house, effect)

    assert house.database.messages.rows == {}


async def test_given_personal_data_when_owed_then_the_payload_holds_ids_alone() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    payloads = [effect.payload for effect in house.effects(EffectKind.SEND_MESSAGE)]

    assert payloads == [
        {"message_kind": MessageKind.BOOKING_RECEIVED, "booking_id": str(booking.id)}
    ]
