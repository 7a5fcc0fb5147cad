"""What a customer gave us and what came of it, to take away: no secret, token or hash in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_core.documents.document import Document
from totetaxi_core.notifications.message import Message, newest_of
from totetaxi_core.page import Place
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

BATCH: Final = 100
MOST_MESSAGES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedBooking:
    """A booking, its money and the files on it, each oldest first."""

    booking: Booking
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountExport:
    """As it stood at the UTC instant `exported_at`; lists are newest first.

    `addresses` holds removed ones too. Texts of messages have room for tokens, and none.
    """

    exported_at: datetime
    customer: Customer
    addresses: tuple[SavedAddress, ...]
    cards: tuple[PaymentMethod, ...]
    bookings: tuple[ExportedBooking, ...]
    messages: tuple[Message, ...]


async def export_account(customer_id: UUID, ports: Ports) -> AccountExport:
    """Return it, less what staff wrote of them; at most 10,000 mails and as many texts."""
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(customer_id)
        return AccountExport(
            exported_at=ports.clock(),
            customer=customer,
            addresses=await uow.saved_addresses.of_customer(customer_id, with_removed=True),
            cards=await uow.payment_methods.active(customer_id),
            bookings=await _bookings(customer_id, uow),
            messages=newest_of(
                await uow.messages.to(customer.email, limit=MOST_MESSAGES),
                await uow.messages.texts_about(customer_id, limit=MOST_MESSAGES),
            ),
        )


async def _bookings(customer_id: UUID, uow: UnitOfWork) -> tuple[ExportedBooking, ...]:
    wanted = BookingFilter(customer_id=customer_id)
    found: list[ExportedBooking] = []
    before: Place | None = None
    while True:
        batch = await uow.booking_desk.page(wanted, before=before, limit=BATCH)
        found.extend([await _whole(booking, uow) for booking in batch])
        if len(batch) < BATCH:
            return tuple(found)
        before = Place.of(batch[-1])


async def _whole(booking: Booking, uow: UnitOfWork) -> ExportedBooking:
    documents = await uow.documents.of_booking(booking.id)
    return ExportedBooking(
        booking=booking,
        payments=await uow.payments.of_booking(booking.id),
        refunds=await uow.refunds.of_booking(booking.id),
        documents=tuple(each for each in documents if each.is_stored),
    )
