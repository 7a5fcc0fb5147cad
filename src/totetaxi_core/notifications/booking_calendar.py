"""The calendar entry of a booking's pickup."""

from datetime import timedelta
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import phone
from totetaxi_core.ports import Terms

STANDS: Final = frozenset({BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS})
WITH_ENTRY: Final = frozenset({MessageKind.BOOKING_CONFIRMED, MessageKind.BOOKING_RESCHEDULED})


def calendar_of(kind: MessageKind, occasion: Occasion, terms: Terms) -> CalendarEntry | None:
    """Return the entry a letter brings: put in once it stands, taken out once it is cancelled.

    What was never confirmed is in nobody's calendar.
    """
    booking = occasion.booking
    if kind in WITH_ENTRY and booking.status in STANDS:
        return _entry(CalendarMethod.PUBLISH, occasion, terms)
    if kind is MessageKind.BOOKING_CANCELLED and booking.confirmed_at is not None:
        return _entry(CalendarMethod.CANCEL, occasion, terms)
    return None


def _entry(method: CalendarMethod, occasion: Occasion, terms: Terms) -> CalendarEntry:
    booking = occasion.booking
    return CalendarEntry(
        uid=f"{booking.id}@totetaxi",
        sequence=booking.version,
        method=method,
        starts_at=booking.pickup_at,
        ends_at=booking.pickup_at + timedelta(hours=booking.quote.estimated_hours),
        summary=f"{terms.company_name}: {_what(booking)}",
        location=booking.pickup_address.formatted,
        description=f"Booking {booking.booking_number}. Questions? Call {phone(terms)}.",
        stamped_at=occasion.now,
        organizer_name=terms.company_name,
        organizer_email=terms.staff_email,
    )


def _what(booking: Booking) -> str:
    return booking.quote.request.service_type.label.lower()
