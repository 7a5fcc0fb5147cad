from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import PICKUP_AT, a_quote_request, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.interrupted_gateway import Call
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import PAYS, TAKES_TIME
from totetaxi_core.bookings.booking import (
    Booking,
    BookingNotFoundError,
    InvalidTransitionError,
)
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.cancel_booking import (
    CancellationOffer,
    Cancelling,
    RefundChangedError,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.repositories import IdempotencyKeyReusedError
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.payable import PaymentUnderWayError

SECOND = timedelta(seconds=1)
HOURS_48 = PICKUP_AT - timedelta(hours=48)
HOURS_24 = PICKUP_AT - timedelta(hours=24)


async def preview(
    booking: Booking, house: MemoryHouse, *, staff_name: str | None = None
) -> CancellationOffer:
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    return await preview_cancellation(cancelling, house.ports)


async def cancel(
    booking: Booking, house: MemoryHouse, *, expecting: int, staff_name: str | None = None
) -> Booking:
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    cancelled = await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=expecting
    )
    assert not cancelled.is_replay
    return cancelled.booking


def until(at: datetime, house: MemoryHouse) -> None:
    house.clock.advance(at - house.clock())


@pytest.mark.parametrize(
    ("at", "refund_bp", "refund_cents"),
    [
        (HOURS_48, 10_000, 99_500),
        (HOURS_48 + SECOND, 5_000, 49_750),
        (HOURS_24, 5_000, 49_750),
        (HOURS_24 + SECOND, 0, 0),
        (PICKUP_AT - SECOND, 0, 0),
    ],
)
async def test_given_a_paid_booking_when_its_customer_cancels_then_the_terms_come_back(
    at: datetime, refund_bp: int, refund_cents: int
) -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    until(at, house)

    offer = await preview(booking, house)
    cancelled = await cancel(booking, house, expecting=offer.refund_cents)
    await house.work_off()

    assert offer == CancellationOffer(
        refund_cents=refund_cents, refund_bp=refund_bp, paid_cents=99_500
    )
    assert cancelled == house.booking(booking.id)
    assert cancelled.cancellation_reason is CancellationReason.CUSTOMER
    assert sum(one.amount_cents for one in house.stripe.refunds()) == refund_cents
    assert [one.requested_by for one in house.refunds(booking)] == ["system"] * bool(refund_cents)
    assert house.crews_taken() == {}


async def test_given_a_paid_booking_when_cancelled_then_mail_and_courier_are_told() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)

    await cancel(booking, house, expecting=99_500)
    await house.work_off()

    [mail] = house.messages(MessageKind.BOOKING_CANCELLED)
    [tasks] = house.effects(EffectKind.CANCEL_COURIER_TASKS)
    assert "sending back $995.00" in mail.text
    assert "5 to 10 business days" in mail.text
    assert tasks.payload == {"booking_id": str(booking.id)}
    assert tasks.state is EffectState.DONE
    assert house.couriers.tasks == {}
    assert house.acts() == []


async def test_given_a_late_hour_when_staff_cancel_then_all_comes_back_and_it_is_on_record() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    until(PICKUP_AT + SECOND, house)
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.save(booking.start(at=house.clock()))
        await uow.commit()

    offer = await preview(booking, house, staff_name="maria")
    cancelled = await cancel(booking, house, expecting=99_500, staff_name="maria")
    await house.work_off()

    [act] = house.acts()
    assert (offer.refund_cents, offer.refund_bp) == (99_500, 10_000)
    assert cancelled.cancellation_reason is CancellationReason.STAFF
    assert (act.staff_name, act.description) == (
        "maria",
        f"cancelled {booking.booking_number}, sending back 99500 cents",
    )
    assert [one.requested_by for one in house.refunds(booking)] == ["maria"]
    assert house.crews_taken() == {}


async def test_given_a_partial_refund_when_cancelled_then_the_terms_are_of_what_is_left() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=500), house)
    until(HOURS_24, house)

    offer = await preview(booking, house)
    await cancel(booking, house, expecting=49_500)
    await house.work_off()

    assert (offer.refund_cents, offer.paid_cents) == (49_500, 99_000)
    assert sorted(one.amount_cents for one in house.stripe.refunds()) == [500, 49_500]


@pytest.mark.parametrize("expected", [0, 49_751, 99_500])
async def test_given_another_refund_than_expected_when_cancelled_then_nothing_changes(
    expected: int,
) -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    until(HOURS_24, house)
    before = house.stored()

    with pytest.raises(RefundChangedError) as refusal:
        await cancel(booking, house, expecting=expected)

    assert refusal.value.code == "refund_changed"
    assert refusal.value.offer.refund_cents == 49_750
    assert house.stored() == before


async def test_given_a_cancelled_booking_when_cancelled_again_then_it_is_refused() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await cancel(booking, house, expecting=99_500)

    for again in (preview(booking, house), cancel(booking, house, expecting=99_500)):
        with pytest.raises(InvalidTransitionError) as refusal:
            await again
        assert refusal.value.code == "invalid_transition"

    assert len(house.refunds(booking)) == 1


async def test_given_the_pickup_s_hour_when_its_customer_cancels_then_it_is_refused() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    until(PICKUP_AT, house)

    with pytest.raises(InvalidTransitionError):
        await cancel(booking, house, expecting=0)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_a_pending_booking_when_cancelled_then_its_payment_and_crew_are_free() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    offer = await preview(booking, house)
    cancelled = await cancel(booking, house, expecting=0)

    assert (offer.refund_cents, offer.paid_cents) == (0, 0)
    assert cancelled.status is BookingStatus.CANCELLED
    assert (await house.stripe.get_intent(intent.id)).status == "canceled"
    assert house.crews_taken() == {}
    assert house.effects(EffectKind.CANCEL_COURIER_TASKS) == []


async def test_given_a_payment_under_way_when_cancelled_then_it_is_kept() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError) as refusal:
        await cancel(booking, house, expecting=0)

    assert refusal.value.code == "payment_under_way"
    assert house.booking(booking.id).status is BookingStatus.PENDING


async def test_given_a_payer_who_is_faster_when_cancelled_then_the_new_offer_is_told() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    async def pay() -> None:
        house.pay(intent, PAYS)

    house.stripe.before(Call.CANCEL_INTENT, pay)

    with pytest.raises(RefundChangedError) as refusal:
        await cancel(booking, house, expecting=0)

    assert refusal.value.offer.refund_cents == 99_500
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.refunds(booking) == []


async def test_given_a_free_booking_when_cancelled_then_its_code_may_be_used_again() -> None:
    house = await a_house(book=book_with_code(rate_bp=10_000, max_uses=1))
    order = an_order(request=replace(a_quote_request(), discount_code="WINTER10"))
    booking = (await house.book_order(order)).booking
    used = set(house.database.code_uses.rows)

    cancelled = await cancel(booking, house, expecting=0)

    assert booking.status is BookingStatus.CONFIRMED
    assert used == {booking.id}
    assert cancelled.status is BookingStatus.CANCELLED
    assert house.database.code_uses.rows == {}
    assert house.refunds(booking) == []


async def test_given_no_such_booking_when_cancelled_then_it_is_not_found() -> None:
    house = await a_house()
    cancelling = Cancelling(booking_id=an_id())

    with pytest.raises(BookingNotFoundError):
        await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=0)

    assert house.stripe.calls == []


@pytest.mark.parametrize("is_paid", [True, False])
async def test_given_a_key_when_the_same_is_sent_again_then_it_is_answered_with_the_booking(
    *, is_paid: bool
) -> None:
    house = await a_house()
    booking = (await a_paid_booking(house) if is_paid else await house.book_unpaid())[0]
    expecting = 99_500 if is_paid else 0
    cancelling = Cancelling(booking_id=booking.id, idempotency_key=a_key())

    answers = [
        await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=expecting)
        for _ in range(2)
    ]
    other_body = replace(cancelling, idempotency_key=a_key(body="c" * 64))
    with pytest.raises(IdempotencyKeyReusedError):
        await cancel_booking(other_body, house.ports, house.terms, expected_refund_cents=1)

    assert [answer.is_replay for answer in answers] == [False, True]
    assert answers[0].booking == answers[1].booking == house.booking(booking.id)
    assert len(house.refunds(booking)) == is_paid


async def test_given_a_refused_key_when_sent_with_the_new_offer_then_it_cancels() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    wrong = Cancelling(booking_id=booking.id, idempotency_key=a_key())
    right = replace(wrong, idempotency_key=a_key(body="c" * 64))

    with pytest.raises(RefundChangedError):
        await cancel_booking(wrong, house.ports, house.terms, expected_refund_cents=1)
    cancelled = await cancel_booking(right, house.ports, house.terms, expected_refund_cents=99_500)

    assert not cancelled.is_replay
    assert cancelled.booking.status is BookingStatus.CANCELLED
