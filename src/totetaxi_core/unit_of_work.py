"""One transaction over everything we store."""

from types import TracebackType
from typing import Protocol, Self

from totetaxi_core.accounts.session import Sessions
from totetaxi_core.bookings.booking_note import BookingNotes
from totetaxi_core.bookings.find_bookings import BookingDesk
from totetaxi_core.bookings.repositories import (
    BookingRepository,
    DiscountUses,
    IdempotencyRecords,
)
from totetaxi_core.bookings.reschedule import Reschedules
from totetaxi_core.customers.customer import Customers
from totetaxi_core.customers.customer_contact import CustomerContacts
from totetaxi_core.customers.customer_desk import CustomerDesk
from totetaxi_core.customers.customer_note import CustomerNotes
from totetaxi_core.customers.password_reset import PasswordResets
from totetaxi_core.customers.payment_method import PaymentMethods
from totetaxi_core.customers.registration import Registrations
from totetaxi_core.customers.saved_address import SavedAddresses
from totetaxi_core.customers.totals import CustomerSpending
from totetaxi_core.customers.traces import Traces
from totetaxi_core.documents.document import Documents
from totetaxi_core.ledger.ledger import Ledger
from totetaxi_core.logistics.courier_tasks import CourierTasks
from totetaxi_core.logistics.dispatch_desk import DispatchDesk
from totetaxi_core.notifications.find_messages import MessageDesk
from totetaxi_core.notifications.message import MessageRepository
from totetaxi_core.notifications.refused_address import RefusedAddresses
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.payments.find_payments import PaymentDesk
from totetaxi_core.payments.find_refunds import RefundDesk
from totetaxi_core.payments.provider_events import ProviderEvents
from totetaxi_core.payments.repositories import (
    Disputes,
    PaymentRepository,
    RefundRepository,
)
from totetaxi_core.price_book.repository import PriceBookRepository
from totetaxi_core.reconciliation.records import OpenDrifts, ReconciliationRecords
from totetaxi_core.refusal import DomainError
from totetaxi_core.reports.report_desk import ReportDesk
from totetaxi_core.retention.kept_records import KeptRecords
from totetaxi_core.scheduling.crews import CrewCalendar
from totetaxi_core.scheduling.schedules import Schedules
from totetaxi_core.staff.dashboard_desk import DashboardDesk
from totetaxi_core.staff.login_tries import LoginTries
from totetaxi_core.staff.origin import Origin
from totetaxi_core.staff.staff_account import StaffAccounts
from totetaxi_core.staff.staff_act import StaffActs
from totetaxi_core.webhooks.repositories import (
    WebhookDeliveries,
    WebhookEvents,
    WebhookSubscriptions,
)


class DatabaseUnavailableError(DomainError):
    """The database does not answer; nothing was stored."""

    code = "database_unavailable"


class UnitOfWork(Protocol):
    """`async with` begins a transaction; leaving it without `commit` undoes all of it.

    It may be entered again afterwards, for the next transaction, but by one task at a time.
    Locks are taken in the order schedule, e-mail address, booking, payment, refunds, cart, code,
    crews, courier tasks, documents, login tries, account, session. The commit locks the accounts
    whose totals may have changed, to count them anew from the ledger, and last the record of staff
    acts. No provider is called inside.
    """

    @property
    def bookings(self) -> BookingRepository: ...
    @property
    def payments(self) -> PaymentRepository: ...
    @property
    def refunds(self) -> RefundRepository: ...
    @property
    def disputes(self) -> Disputes: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def reconciliation(self) -> ReconciliationRecords: ...
    @property
    def open_drifts(self) -> OpenDrifts: ...
    @property
    def discount_uses(self) -> DiscountUses: ...
    @property
    def crews(self) -> CrewCalendar: ...
    @property
    def schedules(self) -> Schedules: ...
    @property
    def reschedules(self) -> Reschedules: ...
    @property
    def courier_tasks(self) -> CourierTasks: ...
    @property
    def dispatch_desk(self) -> DispatchDesk: ...
    @property
    def price_books(self) -> PriceBookRepository: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def message_desk(self) -> MessageDesk: ...
    @property
    def refused_addresses(self) -> RefusedAddresses: ...
    @property
    def idempotency(self) -> IdempotencyRecords: ...
    @property
    def provider_events(self) -> ProviderEvents: ...
    @property
    def booking_desk(self) -> BookingDesk: ...
    @property
    def booking_notes(self) -> BookingNotes: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def refund_desk(self) -> RefundDesk: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def registrations(self) -> Registrations: ...
    @property
    def password_resets(self) -> PasswordResets: ...
    @property
    def spending(self) -> CustomerSpending: ...
    @property
    def customer_desk(self) -> CustomerDesk: ...
    @property
    def customer_notes(self) -> CustomerNotes: ...
    @property
    def customer_contacts(self) -> CustomerContacts: ...
    @property
    def saved_addresses(self) -> SavedAddresses: ...
    @property
    def traces(self) -> Traces: ...
    @property
    def kept(self) -> KeptRecords: ...
    @property
    def payment_methods(self) -> PaymentMethods: ...
    @property
    def payment_desk(self) -> PaymentDesk: ...
    @property
    def dashboard_desk(self) -> DashboardDesk: ...
    @property
    def report_desk(self) -> ReportDesk: ...
    @property
    def staff_accounts(self) -> StaffAccounts: ...
    @property
    def login_tries(self) -> LoginTries: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def webhook_subscriptions(self) -> WebhookSubscriptions: ...
    @property
    def webhook_events(self) -> WebhookEvents: ...
    @property
    def webhook_deliveries(self) -> WebhookDeliveries: ...
    @property
    def staff_acts(self) -> StaffActs: ...

    def act_from(self, origin: Origin) -> Self:
        """Record from where with every staff act from now on; return this unit of work."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def commit(self) -> None:
        """Make everything since `async with` last."""
        ...
