"""The tables of an in-memory database, by what they are about."""

from datetime import date
from uuid import UUID

from totetaxi_adapters.memory.rows import (
    CodeUse,
    OpenDrift,
    OwedRow,
    PublishedBook,
    ReceivedEvent,
)
from totetaxi_adapters.memory.table import Table
from totetaxi_core.accounts.session import Session
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.bookings.repositories import IdempotencyRecord
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_contact import CustomerContact
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.registration import Registration
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_core.documents.document import Document
from totetaxi_core.ledger.entry import LedgerEntry
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.notifications.message import Channel, Message
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentAttempt
from totetaxi_core.payments.refund import Refund
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.schedules import StoredSchedule
from totetaxi_core.staff.login_tries import NameTries
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import RecordedAct
from totetaxi_core.webhooks.delivery import Delivery
from totetaxi_core.webhooks.subscription import Subscription
from totetaxi_core.webhooks.webhook_event import WebhookEvent


class BookingTables:
    """Bookings, their slots and prices, and who drives them."""

    def __init__(self) -> None:
        super().__init__()
        self.bookings: Table[UUID, Booking] = Table(
            number=lambda row: row.booking_number,
            cart=lambda row: row.cart_key,
            status=lambda row: row.status,
            customer=lambda row: row.customer_id,
            contact=lambda row: row.contact.email_key,
        )
        self.booking_notes: Table[UUID, BookingNote] = Table(booking=lambda row: row.booking_id)
        self.documents: Table[UUID, Document] = Table(booking=lambda row: row.booking_id)
        self.reschedules: Table[UUID, Reschedule] = Table(
            booking=lambda row: row.booking_id,
            payment=lambda row: row.payment_id,
            state=lambda row: row.state,
        )
        self.courier_tasks: Table[UUID, CourierTask] = Table(
            booking=lambda row: row.booking_id, onfleet=lambda row: row.onfleet_task_id
        )
        self.code_uses: Table[UUID, CodeUse] = Table(code=lambda row: row.code_id)
        self.crews: Table[tuple[date, int], CrewCount] = Table()
        self.schedules: Table[int, StoredSchedule] = Table()
        self.price_books: Table[int, PublishedBook] = Table()
        self.idempotency: Table[tuple[str, str], IdempotencyRecord] = Table()


class MoneyTables:
    """What was paid and sent back, and what Stripe said of it."""

    def __init__(self) -> None:
        super().__init__()
        self.payments: Table[UUID, Payment] = Table(
            booking=lambda row: row.booking_id, charge=lambda row: row.stripe_charge_id
        )
        self.attempts: Table[UUID, PaymentAttempt] = Table(
            booking=lambda row: row.booking_id,
            state=lambda row: row.state,
            intent=lambda row: row.intent_id,
            session=lambda row: row.session_id,
        )
        self.refunds: Table[UUID, Refund] = Table(
            booking=lambda row: row.booking_id, provider=lambda row: row.stripe_refund_id
        )
        self.disputes: Table[UUID, Dispute] = Table(
            booking=lambda row: row.booking_id, provider=lambda row: row.stripe_dispute_id
        )
        self.ledger_entries: Table[UUID, LedgerEntry] = Table(
            booking=lambda row: row.booking_id, cause=lambda row: row.cause
        )
        self.provider_events: Table[str, ReceivedEvent] = Table()
        self.open_drifts: Table[str, OpenDrift] = Table()


class PeopleTables:
    """Customers and staff: their accounts, what they keep, write and do."""

    def __init__(self) -> None:
        super().__init__()
        self.customers: Table[UUID, Customer] = Table(email=lambda row: row.email_key)
        self.customer_notes: Table[UUID, CustomerNote] = Table(customer=lambda row: row.customer_id)
        self.customer_contacts: Table[UUID, CustomerContact] = Table(
            customer=lambda row: row.customer_id
        )
        self.registrations: Table[UUID, Registration] = Table(email=lambda row: row.email_key)
        self.password_resets: Table[UUID, PasswordReset] = Table()
        self.saved_addresses: Table[UUID, SavedAddress] = Table(
            customer=lambda row: row.customer_id
        )
        self.payment_methods: Table[UUID, PaymentMethod] = Table(
            customer=lambda row: row.customer_id, provider=lambda row: row.stripe_payment_method_id
        )
        self.staff_accounts: Table[UUID, StaffAccount] = Table(
            username=lambda row: row.username.lower()
        )
        self.login_tries: Table[str, NameTries] = Table()
        self.sessions: Table[UUID, Session] = Table(account=lambda row: row.account_id)
        self.staff_acts: Table[int, RecordedAct] = Table(booking=lambda row: row.act.booking_id)


class OutgoingTables:
    """What is owed to others, and what was sent to them."""

    def __init__(self) -> None:
        super().__init__()
        self.effects: Table[UUID, OwedRow] = Table(
            cause=lambda row: row.effect.cause, state=lambda row: row.effect.state
        )
        self.messages: Table[UUID, Message] = Table(to=lambda row: row.to.lower())
        self.refused_addresses: Table[tuple[Channel, str], RefusedAddress] = Table()
        self.webhook_subscriptions: Table[UUID, Subscription] = Table()
        self.webhook_events: Table[UUID, WebhookEvent] = Table(booking=lambda row: row.booking_id)
        self.webhook_deliveries: Table[tuple[UUID, UUID], Delivery] = Table(
            subscription=lambda row: row.subscription_id, event=lambda row: row.event.id
        )
