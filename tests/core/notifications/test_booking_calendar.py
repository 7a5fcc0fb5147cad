"""Which letters bring a calendar entry, and how a later one replaces it."""

from datetime import timedelta

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, a_quote
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.notifications.booking_calendar import calendar_of
from totetaxi_core.notifications.booking_letter import BOOKING_LETTERS
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion

TERMS = MemoryHouse().terms
PENDING = a_booking()
CONFIRMED = PENDING.confirm(at=NOW)
CANCELLED = CONFIRMED.cancel(reason=CancellationReason.CUSTOMER, at=NOW)


def entry(kind: MessageKind, booking: Booking) -> CalendarEntry | None:
    return calendar_of(kind, Occasion(booking=booking, now=NOW), TERMS)


def test_given_a_booking_moved_and_cancelled_when_told_then_one_entry_follows_it() -> None:
    moved = CONFIRMED.reschedule(
        a_quote(),
        pickup_at=PICKUP_AT + timedelta(days=1),
        crew_day_ends_at=CONFIRMED.crew_day_ends_at,
        cart_key="c",
        hold_expires_at=None,
        at=NOW,
    )
    cancelled = moved.cancel(reason=CancellationReason.CUSTOMER, at=NOW)

    first = entry(MessageKind.BOOKING_CONFIRMED, CONFIRMED)
    second = entry(MessageKind.BOOKING_RESCHEDULED, moved)
    last = entry(MessageKind.BOOKING_CANCELLED, cancelled)

    assert first is not None
    assert second is not None
    assert last is not None
    assert first.uid == second.uid == last.uid
    assert first.sequence < second.sequence < last.sequence
    assert (first.method, second.method, last.method) == (
        CalendarMethod.PUBLISH,
        CalendarMethod.PUBLISH,
        CalendarMethod.CANCEL,
    )
    assert (first.starts_at, first.ends_at) == (PICKUP_AT, PICKUP_AT + timedelta(hours=2))
    assert second.starts_at == PICKUP_AT + timedelta(days=1)
    assert first.location == "740 Park Avenue, Apt 5B, New York, NY 10021"


@pytest.mark.parametrize(
    ("kind", "booking"),
    [
        (MessageKind.BOOKING_RESCHEDULED, PENDING),
        (MessageKind.BOOKING_CONFIRMED, CANCELLED),
        (
            MessageKind.BOOKING_CANCELLED,
            PENDING.cancel(reason=CancellationReason.CUSTOMER, at=NOW),
        ),
    ],
)
def test_given_a_booking_that_does_not_stand_or_never_did_when_told_then_no_calendar_changes(
    kind: MessageKind, booking: Booking
) -> None:
    found = entry(kind, booking)

    assert found is None


def test_given_every_kind_of_letter_when_written_then_three_of_them_may_bring_an_entry() -> None:
    bringing = {
        kind
        for kind in BOOKING_LETTERS
        if entry(kind, CONFIRMED) is not None or entry(kind, CANCELLED) is not None
    }

    assert bringing == {
        MessageKind.BOOKING_CONFIRMED,
        MessageKind.BOOKING_RESCHEDULED,
        MessageKind.BOOKING_CANCELLED,
    }
