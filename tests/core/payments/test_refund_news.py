"""What customers hear of a refund once it is with Stripe: each word once."""

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import approve, request
from tests.laws.money_acts import hear
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.payments.gateway import PaymentIntent
from totetaxi_core.payments.send_refund import follow_refund


async def a_paid_booking(house: MemoryHouse) -> tuple[Booking, PaymentIntent]:
    booking, intent = await house.book_unpaid()
    paid = house.pay(intent)
    await house.settle(paid)
    await house.work_off()
    return house.booking(booking.id), paid


async def refunded(house: MemoryHouse, *, cents: int = 12_305) -> Booking:
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=cents), house)
    await hear(house, 0)
    return booking


def told(house: MemoryHouse) -> list[Message]:
    return [
        *house.messages(MessageKind.REFUND_SENT),
        *house.messages(MessageKind.REFUND_FAILED),
    ]


async def test_given_a_refund_when_it_succeeds_then_its_customer_hears_of_it_once() -> None:
    house = await a_house()
    booking = await refunded(house)
    sent = house.stripe.refunds()[-1]

    await follow_refund(sent.id, house.ports)
    await hear(house, 0)

    [message] = told(house)
    assert (message.kind, message.to) == (MessageKind.REFUND_SENT, booking.contact.email)
    assert "$123.05" in message.text
    assert "5 to 10 business days" in message.text


async def test_given_a_refund_that_fails_days_later_when_followed_then_its_customer_hears_it() -> (
    None
):
    house = await a_house()
    booking = await refunded(house)

    house.stripe.settle_refund(house.stripe.refunds()[-1].id, succeeds=False)
    await hear(house, 0)

    sent, failed = told(house)
    assert (sent.kind, failed.kind) == (MessageKind.REFUND_SENT, MessageKind.REFUND_FAILED)
    assert failed.to == booking.contact.email
    assert "did not go through" in failed.text
    assert len(house.messages(MessageKind.STAFF_ALERT)) == 1


async def test_given_two_refunds_of_one_booking_when_sent_then_each_is_told_with_its_amount() -> (
    None
):
    house = await a_house()
    booking = await refunded(house)
    await approve(await request(booking, house, amount_cents=5_000), house)

    await hear(house, 0)

    amounts = [message.subject.split()[3] for message in told(house)]
    assert sorted(amounts) == ["$123.05", "$50.00"]


async def test_given_a_refund_begun_in_stripe_s_dashboard_when_heard_of_then_it_is_told() -> None:
    house = await a_house()
    _, paid = await a_paid_booking(house)
    begun = house.stripe.refund_by_hand(paid.id, amount_cents=7_700)

    await follow_refund(begun.id, house.ports)
    await house.work_off()

    [message] = told(house)
    assert message.kind is MessageKind.REFUND_SENT
    assert "$77.00" in message.text
