"""A refund that staff were only asked for takes nothing from what a cancellation owes."""

from datetime import timedelta

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.refund import RefundStatus


async def cancel(booking: Booking, house: MemoryHouse) -> int:
    """Cancel for what the preview offers, and return that."""
    cancelling = Cancelling(booking_id=booking.id)
    offer = await preview_cancellation(cancelling, house.ports)
    await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )
    return offer.refund_cents


def statuses(booking: Booking, house: MemoryHouse) -> dict[int, RefundStatus]:
    return {each.amount_cents: each.status for each in house.refunds(booking)}


async def test_given_a_request_when_cancelled_then_the_terms_hold_and_it_gives_way() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await request(booking, house, amount_cents=30_000)

    offered = await cancel(booking, house)

    assert offered == 99_500
    assert statuses(booking, house) == {
        30_000: RefundStatus.REJECTED,
        99_500: RefundStatus.APPROVED,
    }
    assert house.owed_messages().count(MessageKind.STAFF_ALERT) == 1


async def test_given_an_approved_refund_when_cancelled_then_only_the_rest_comes_back() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=30_000), house)

    offered = await cancel(booking, house)

    assert offered == 69_500
    assert statuses(booking, house) == {
        30_000: RefundStatus.APPROVED,
        69_500: RefundStatus.APPROVED,
    }


async def test_given_a_request_that_fits_when_half_comes_back_then_it_waits_on() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await request(booking, house, amount_cents=30_000)
    house.clock.set(booking.pickup_at - timedelta(hours=24))

    offered = await cancel(booking, house)

    assert offered == 49_750
    assert statuses(booking, house) == {
        30_000: RefundStatus.REQUESTED,
        49_750: RefundStatus.APPROVED,
    }
