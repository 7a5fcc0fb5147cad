"""Open a customer's page at the desk: everything about them, and the opening is on record."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter
from totetaxi_core.customers.analytics import CustomerAnalytics
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_contact import CustomerContact
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_core.customers.totals import BookingSpend
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.notifications.message import Message, newest_of
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMoney:
    """What moved, in cents, as the ledger has it; nothing is below zero but a net."""

    charged_cents: int
    refunded_cents: int
    disputed_cents: int
    net_cents: int

    @classmethod
    def of(cls, spends: tuple[BookingSpend, ...]) -> "CustomerMoney":
        moved: Counter[EntryKind] = Counter()
        for spend in spends:
            for movement in spend.movements:
                moved[movement.kind] += movement.amount_cents
        return cls(
            charged_cents=moved[EntryKind.CHARGE],
            refunded_cents=-moved[EntryKind.REFUND] - moved[EntryKind.REFUND_FAILED],
            disputed_cents=-moved[EntryKind.DISPUTE] - moved[EntryKind.DISPUTE_RETURNED],
            net_cents=sum(moved.values()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """A customer and what belongs to them, of each list the 20 newest, newest first.

    `analytics` is None for whoever may not see it.
    """

    customer: Customer
    money: CustomerMoney
    analytics: CustomerAnalytics | None
    bookings: tuple[Booking, ...]
    addresses: tuple[SavedAddress, ...]
    messages: tuple[Message, ...]
    notes: tuple[CustomerNote, ...]
    contacts: tuple[CustomerContact, ...]


async def open_customer_file(
    customer_id: UUID, ports: Ports, terms: Terms, *, staff_name: str, with_analytics: bool
) -> CustomerFile:
    """Return the file of a customer; that it was read is a staff act.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(customer_id)
        spends = await uow.spending.of_customer(customer_id)
        analytics = CustomerAnalytics.of(spends, at=now, zone=terms.zone)
        file = CustomerFile(
            customer=customer,
            money=CustomerMoney.of(spends),
            analytics=analytics if with_analytics else None,
            bookings=await uow.booking_desk.page(
                BookingFilter(customer_id=customer_id), limit=MOST
            ),
            addresses=await uow.saved_addresses.of_customer(customer_id),
            messages=await _messages(customer, uow),
            notes=await uow.customer_notes.page(customer_id, limit=MOST),
            contacts=await uow.customer_contacts.page(customer_id, limit=MOST),
        )
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="customer_read",
                description="opened a customer's page",
                booking_id=None,
                created_at=now,
                customer_id=customer_id,
            )
        )
        await uow.commit()
    return file


async def _messages(customer: Customer, uow: UnitOfWork) -> tuple[Message, ...]:
    """Return what was sent to their address and number; of a deleted account none is known."""
    if not customer.email:
        return ()
    mails = await uow.messages.to(customer.email, limit=MOST)
    texts = await uow.messages.texts_about(customer.id, limit=MOST)
    return newest_of(mails, texts)[:MOST]
