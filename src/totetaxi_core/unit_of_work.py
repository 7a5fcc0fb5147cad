"""One transaction over everything we store."""

from types import TracebackType
from typing import Protocol, Self

from totetaxi_core.accounts.session import Sessions
from totetaxi_core.bookings.find_bookings import BookingDesk
from totetaxi_core.bookings.repositories import (
    BookingRepository,
    DiscountUses,
    IdempotencyRecords,
)
from totetaxi_core.customers.customer import Customers
from totetaxi_core.ledger.ledger import Ledger
from totetaxi_core.notifications.message import MessageRepository
from totetaxi_core.outbox.outbox import Outbox
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
from totetaxi_core.scheduling.crews import CrewCalendar
from totetaxi_core.staff.origin import Origin
from totetaxi_core.staff.staff_account import StaffAccounts
from totetaxi_core.staff.staff_act import StaffActs


class DatabaseUnavailableError(DomainError):
    """The database does not answer; nothing was stored."""

    code = "database_unavailable"


class UnitOfWork(Protocol):
    """`async with` begins a transaction; leaving it without `commit` undoes all of it.

    It may be entered again afterwards, for the next transaction, but by one task at a time.
    Locks are taken in the order booking, payment, refunds, code, crews, account, session; the
    record of staff acts is locked last, by the commit. No provider is called inside.
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
    def price_books(self) -> PriceBookRepository: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def idempotency(self) -> IdempotencyRecords: ...
    @property
    def provider_events(self) -> ProviderEvents: ...
    @property
    def booking_desk(self) -> BookingDesk: ...
    @property
    def refund_desk(self) -> RefundDesk: ...
    @property
    def customers(self) -> Customers: ...
    @property
    def staff_accounts(self) -> StaffAccounts: ...
    @property
    def sessions(self) -> Sessions: ...
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
