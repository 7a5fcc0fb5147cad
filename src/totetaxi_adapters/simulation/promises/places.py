"""No oversell: neither of crews nor of discount codes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.simulation.catalogue import price_book
from totetaxi_adapters.simulation.promises.books import HOLDING, BookingBooks
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.bookings.slot import Slot
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.pricing import LineKind

LIMITS: Final = {code.id: code.max_uses for code in price_book().discount_codes if code.max_uses}


def crews_of_active_bookings(database: MemoryDatabase) -> Iterator[str]:
    """Every crew that is taken has its booking, every booking its crew, and no crew two."""
    needed = _needed(database)
    taken = {at: count.taken for at, count in database.crews.rows.items() if count.taken}
    for at in sorted(needed.keys() | taken.keys()):
        if needed.get(at, 0) != taken.get(at, 0):
            yield f"{taken.get(at, 0)} crews are taken on {_moment(at)}, {needed.get(at, 0)} needed"
    for at, count in database.crews.rows.items():
        if count.taken > count.crews:
            yield f"{count.taken} of {count.crews} crews are taken on {_moment(at)}"


def code_uses_of_bookings_that_stand(books: BookingBooks) -> Iterator[str]:
    """A booking that dies unpaid gives its use back; one cancelled after it was paid keeps it."""
    has_code = any(line.kind is LineKind.DISCOUNT for line in books.booking.quote.lines)
    expected = has_code and (books.booking.status in HOLDING or _was_paid_for(books))
    if books.uses_code != expected:
        holds = "holds a code's use" if books.uses_code else "has lost its code's use"
        yield f"the booking is {books.booking.status} and {holds}"


def codes_within_their_limits(database: MemoryDatabase) -> Iterator[str]:
    """Only a booking paid after its hold had lapsed may go beyond."""
    uses = Counter(
        use.code_id
        for booking_id, use in database.code_uses.rows.items()
        if not _came_back(database.bookings.rows[booking_id], database)
    )
    for code_id, limit in LIMITS.items():
        if uses[code_id] > limit:
            yield f"a code of {limit} uses is used {uses[code_id]} times"


def _needed(database: MemoryDatabase) -> Mapping[tuple[date, int], int]:
    """Count for each booking what it holds, the slot among it that it waits to pay for."""
    held = [
        (key, Slot.of(database.bookings.rows[key]))
        for status in HOLDING
        for key in database.bookings.keys_where("status", status)
    ]
    for key in database.reschedules.keys_where("state", RescheduleState.PENDING):
        waiting = database.reschedules.rows[key]
        held.append((waiting.booking_id, Slot.of(waiting)))
    half_hours = {(owner, slot.on, at) for owner, slot in held for at in slot.half_hours}
    return Counter((on, at) for _owner, on, at in half_hours)


def _was_paid_for(books: BookingBooks) -> bool:
    booking = books.booking
    timed_out = booking.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    return booking.confirmed_at is not None and not timed_out and booking.total_cents > 0


def _came_back(booking: Booking, database: MemoryDatabase) -> bool:
    """Tell whether it lapsed once: then its use may be one too many."""
    causes = (
        f"send_message:{booking.id}:{version}:{MessageKind.HOLD_EXPIRED}"
        for version in range(1, booking.version + 1)
    )
    is_over = booking.status is BookingStatus.CANCELLED
    return is_over or any(database.effects.keys_where("cause", cause) for cause in causes)


def _moment(at: tuple[date, int]) -> str:
    on, half_hour = at
    return f"{on} at {half_hour // 2:02d}:{half_hour % 2 * 30:02d}"
