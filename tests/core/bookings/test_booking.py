from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.builders import HOLD, NOW, a_booking
from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason

LATER = NOW + timedelta(minutes=1)
Move = Callable[[Booking], Booking]

MOVES: dict[str, Move] = {
    "confirm": lambda booking: booking.confirm(at=LATER),
    "start": lambda booking: booking.start(at=LATER),
    "complete": lambda booking: booking.complete(at=LATER),
    "cancel": lambda booking: booking.cancel(reason=CancellationReason.STAFF, at=LATER),
    "revive": lambda booking: booking.revive(at=LATER),
}
TIMED_OUT = a_booking().cancel(reason=CancellationReason.PAYMENT_TIMEOUT, at=NOW)
STATES: dict[str, Booking] = {
    "pending": a_booking(),
    "confirmed": a_booking().confirm(at=NOW),
    "in_progress": a_booking().confirm(at=NOW).start(at=NOW),
    "completed": a_booking().confirm(at=NOW).complete(at=NOW),
    "cancelled": a_booking().cancel(reason=CancellationReason.CUSTOMER, at=NOW),
    "timed_out": TIMED_OUT,
}
ALLOWED = {
    ("pending", "confirm"): BookingStatus.CONFIRMED,
    ("pending", "cancel"): BookingStatus.CANCELLED,
    ("confirmed", "start"): BookingStatus.IN_PROGRESS,
    ("confirmed", "complete"): BookingStatus.COMPLETED,
    ("confirmed", "cancel"): BookingStatus.CANCELLED,
    ("in_progress", "complete"): BookingStatus.COMPLETED,
    ("in_progress", "cancel"): BookingStatus.CANCELLED,
    ("timed_out", "revive"): BookingStatus.CONFIRMED,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES)
def test_given_a_state_when_moved_then_only_the_allowed_ways_lead_on(state: str, move: str) -> None:
    booking, target = STATES[state], ALLOWED.get((state, move))

    if target is None:
        with pytest.raises(InvalidTransitionError) as refused:
            MOVES[move](booking)
        assert refused.value.code == "invalid_transition"
        assert refused.value.status is booking.status
    else:
        moved = MOVES[move](booking)
        assert moved.status is target
        assert moved.version == booking.version + 1
        assert moved.updated_at == LATER


def test_given_a_pending_booking_when_moved_on_then_its_hold_is_over() -> None:
    booking = a_booking()

    confirmed = booking.confirm(at=LATER)
    cancelled = booking.cancel(reason=CancellationReason.CUSTOMER, at=LATER)

    assert confirmed.hold_expires_at is cancelled.hold_expires_at is None
    assert confirmed.confirmed_at == cancelled.cancelled_at == LATER


def test_given_a_timed_out_booking_when_revived_then_nothing_says_it_was_cancelled() -> None:
    revived = TIMED_OUT.revive(at=LATER)

    assert (revived.cancelled_at, revived.cancellation_reason) == (None, None)
    assert revived.confirmed_at == LATER


@pytest.mark.parametrize(
    ("booking", "at", "payable"),
    [
        (STATES["pending"], NOW + HOLD - timedelta(microseconds=1), True),
        (STATES["pending"], NOW + HOLD, False),
        (STATES["confirmed"], NOW, False),
        (STATES["timed_out"], NOW, False),
    ],
)
def test_given_a_booking_when_asked_then_it_is_payable_only_while_its_hold_stands(
    booking: Booking,
    at: datetime,
    payable: bool,  # noqa: FBT001
) -> None:
    assert booking.is_payable(at=at) is payable
