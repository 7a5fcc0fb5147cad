"""Show a booking with everything that happened to it."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.ledger.entry import LedgerEntry
from totetaxi_core.logistics.courier_progress import CourierProgress, courier_progress
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.notifications.message import Message
from totetaxi_core.page import Place
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentAttempt
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import CUSTOMER_READ, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

MOST_MESSAGES = 200
MOST_NOTES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFile:
    """A booking and what belongs to it, each list oldest first; of notes the newest 200.

    `reschedule` is the one that waits for its difference.
    Acts that only read it are not among `staff_acts`.
    """

    booking: Booking
    reschedule: Reschedule | None
    payments: tuple[Payment, ...]
    attempts: tuple[PaymentAttempt, ...]
    refunds: tuple[Refund, ...]
    disputes: tuple[Dispute, ...]
    entries: tuple[LedgerEntry, ...]
    staff_acts: tuple[StaffAct, ...]
    notes: tuple[BookingNote, ...]
    messages: tuple[Message, ...]
    courier_tasks: tuple[CourierTask, ...]

    @property
    def courier(self) -> CourierProgress:
        """How far the drive is."""
        return courier_progress(self.booking, self.courier_tasks)

    @property
    def money(self) -> BookingMoney:
        """What was charged, what went back, and what is left."""
        return BookingMoney.of(self.payments, self.refunds, self.disputes, self.entries)


async def read_booking(booking_id: UUID, ports: Ports, *, staff_name: str) -> BookingFile:
    """Return the file of a booking to a member of staff: that they read it goes on record.

    Raises:
        BookingNotFoundError: no booking has this id.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        file = await _file(booking, uow)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type=CUSTOMER_READ,
                description=f"read {booking.booking_number}",
                booking_id=booking.id,
                customer_id=booking.customer_id,
                created_at=ports.clock(),
            )
        )
        await uow.commit()
    return file


async def _file(booking: Booking, uow: UnitOfWork) -> BookingFile:
    notes = await uow.booking_notes.page(booking.id, limit=MOST_NOTES)
    return BookingFile(
        booking=booking,
        reschedule=await uow.reschedules.pending_of(booking.id),
        payments=await uow.payments.of_booking(booking.id),
        attempts=await uow.payments.attempts(booking.id),
        refunds=await uow.refunds.of_booking(booking.id),
        disputes=await uow.disputes.of_booking(booking.id),
        entries=await uow.ledger.of_booking(booking.id),
        staff_acts=await uow.staff_acts.of_booking(booking.id),
        notes=notes[::-1],
        messages=await _messages(booking, uow),
        courier_tasks=await uow.courier_tasks.of_booking(booking.id),
    )


async def _messages(booking: Booking, uow: UnitOfWork) -> tuple[Message, ...]:
    """Return the mails and texts to the booking's contact that are about this booking."""
    contact = booking.contact
    mails = await uow.messages.to(contact.email, limit=MOST_MESSAGES)
    texts = await uow.messages.to(contact.phone, limit=MOST_MESSAGES)
    about = (one for one in (*mails, *texts) if one.booking_id == booking.id)
    return tuple(sorted(about, key=Place.of))
