"""What the crew carries, from whom to whom: the paper that travels with a booking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ports import Ports
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.refusal import DomainError

CARRIED = (LineKind.BASE, LineKind.SPECIALTY, LineKind.ORGANIZING, LineKind.ADDON)


class NotCarriedError(InvalidTransitionError):
    """A booking that is unpaid or cancelled is not carried."""

    def __init__(self, booking: Booking) -> None:
        number, stands = booking.booking_number, booking.status
        DomainError.__init__(self, f"booking {number} is {stands}: nothing is carried for it")
        self.status = self.target = stands


@dataclass(frozen=True, slots=True, kw_only=True)
class BillOfLading:
    """Without a price: it is read by whoever opens the door."""

    booking: Booking
    issued_at: datetime

    @property
    def carried(self) -> tuple[QuoteLine, ...]:
        """What was ordered: the service, the pieces and the work, in the quote's order."""
        return carried_lines(self.booking)


def carried_lines(booking: Booking) -> tuple[QuoteLine, ...]:
    """Return what the crew has to know of a quote: what is carried, and what is done with it."""
    return tuple(line for line in booking.quote.lines if line.kind in CARRIED)


async def read_bill_of_lading(booking_id: UUID, ports: Ports) -> BillOfLading:
    """Return the bill of lading of a booking that is, was or will be driven.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotCarriedError: it is pending or cancelled.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
    if booking.status in {BookingStatus.PENDING, BookingStatus.CANCELLED}:
        raise NotCarriedError(booking)
    return BillOfLading(booking=booking, issued_at=ports.clock())
