"""Show a booking with everything that happened to it."""

from dataclasses import dataclass

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.notifications.message import Message
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentAttempt
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

MOST_MESSAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFile:
    """A booking and what belongs to it, each list oldest first."""

    booking: Booking
    payments: tuple[Payment, ...]
    attempts: tuple[PaymentAttempt, ...]
    refunds: tuple[Refund, ...]
    disputes: tuple[Dispute, ...]
    staff_acts: tuple[StaffAct, ...]
    messages: tuple[Message, ...]

    @property
    def money(self) -> BookingMoney:
        """What was charged, what went back, and what is left."""
        return BookingMoney.of(self.payments, self.refunds, self.disputes)


async def show_booking(booking_number: str, ports: Ports) -> BookingFile:
    """Return the file of a booking, by its number in any case.

    Raises:
        BookingNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get_by_number(booking_number)
        return BookingFile(
            booking=booking,
            payments=await uow.payments.of_booking(booking.id),
            attempts=await uow.payments.attempts(booking.id),
            refunds=await uow.refunds.of_booking(booking.id),
            disputes=await uow.disputes.of_booking(booking.id),
            staff_acts=await uow.staff_acts.of_booking(booking.id),
            messages=await _messages(booking, uow),
        )


async def _messages(booking: Booking, uow: UnitOfWork) -> tuple[Message, ...]:
    """Return the messages to the booking's contact that are about this booking."""
    newest_first = await uow.messages.to(booking.contact.email, limit=MOST_MESSAGES)
    return tuple(one for one in reversed(newest_first) if one.booking_id == booking.id)
