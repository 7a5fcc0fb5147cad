"""One transaction over an in-memory database."""

import asyncio
from types import TracebackType
from typing import Self

from totetaxi_adapters.memory.booking_desk import MemoryBookingDesk
from totetaxi_adapters.memory.booking_notes import MemoryBookingNotes
from totetaxi_adapters.memory.bookings import MemoryBookingRepository
from totetaxi_adapters.memory.courier_tasks import MemoryCourierTasks
from totetaxi_adapters.memory.crews import MemoryCrewCalendar
from totetaxi_adapters.memory.customer_desk import MemoryCustomerDesk
from totetaxi_adapters.memory.customer_notes import MemoryCustomerContacts, MemoryCustomerNotes
from totetaxi_adapters.memory.customer_totals import MemoryCustomerSpending
from totetaxi_adapters.memory.customers import MemoryCustomers
from totetaxi_adapters.memory.dashboard_desk import MemoryDashboardDesk
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.discount_uses import MemoryDiscountUses
from totetaxi_adapters.memory.dispatch_desk import MemoryDispatchDesk
from totetaxi_adapters.memory.dispute_repository import MemoryDisputes
from totetaxi_adapters.memory.documents import MemoryDocuments
from totetaxi_adapters.memory.idempotency import MemoryIdempotencyRecords
from totetaxi_adapters.memory.kept_records import MemoryKeptRecords
from totetaxi_adapters.memory.ledger import MemoryLedger
from totetaxi_adapters.memory.login_tries import MemoryLoginTries
from totetaxi_adapters.memory.messages import MemoryMessageDesk, MemoryMessageRepository
from totetaxi_adapters.memory.open_transaction import OpenTransaction
from totetaxi_adapters.memory.outbox import MemoryOutbox
from totetaxi_adapters.memory.password_resets import MemoryPasswordResets
from totetaxi_adapters.memory.payment_list import MemoryPaymentDesk
from totetaxi_adapters.memory.payment_methods import MemoryPaymentMethods
from totetaxi_adapters.memory.payment_repository import MemoryPaymentRepository
from totetaxi_adapters.memory.price_books import MemoryPriceBookRepository
from totetaxi_adapters.memory.provider_events import MemoryProviderEvents
from totetaxi_adapters.memory.reconciliation import MemoryOpenDrifts, MemoryReconciliationRecords
from totetaxi_adapters.memory.refund_list import MemoryRefundDesk
from totetaxi_adapters.memory.refunds import MemoryRefundRepository
from totetaxi_adapters.memory.refused_addresses import MemoryRefusedAddresses
from totetaxi_adapters.memory.registrations import MemoryRegistrations
from totetaxi_adapters.memory.report_desk import MemoryReportDesk
from totetaxi_adapters.memory.reschedules import MemoryReschedules
from totetaxi_adapters.memory.saved_addresses import MemorySavedAddresses
from totetaxi_adapters.memory.schedules import MemorySchedules
from totetaxi_adapters.memory.sessions import MemorySessions
from totetaxi_adapters.memory.staff_accounts import MemoryStaffAccounts
from totetaxi_adapters.memory.staff_acts import MemoryStaffActs
from totetaxi_adapters.memory.traces import MemoryTraces
from totetaxi_adapters.memory.webhook_deliveries import MemoryWebhookDeliveries
from totetaxi_adapters.memory.webhook_events import MemoryWebhookEvents
from totetaxi_adapters.memory.webhook_subscriptions import MemoryWebhookSubscriptions
from totetaxi_core.staff.origin import Origin


class MemoryUnitOfWork:
    """`async with` begins a transaction; leaving it without `commit` undoes all of it.

    Using a repository outside of a transaction, after `commit`, or after a refusal that is a broken
    constraint (number, cart, live attempt, refund) is a RuntimeError.
    """

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._open: OpenTransaction | None = None
        self._origin: Origin | None = None

    @property
    def bookings(self) -> MemoryBookingRepository:
        return self._begun.bookings

    @property
    def payments(self) -> MemoryPaymentRepository:
        return self._begun.payments

    @property
    def refunds(self) -> MemoryRefundRepository:
        return self._begun.refunds

    @property
    def disputes(self) -> MemoryDisputes:
        return self._begun.disputes

    @property
    def ledger(self) -> MemoryLedger:
        return self._begun.ledger

    @property
    def reconciliation(self) -> MemoryReconciliationRecords:
        return self._begun.reconciliation

    @property
    def open_drifts(self) -> MemoryOpenDrifts:
        return self._begun.open_drifts

    @property
    def discount_uses(self) -> MemoryDiscountUses:
        return self._begun.discount_uses

    @property
    def crews(self) -> MemoryCrewCalendar:
        return self._begun.crews

    @property
    def schedules(self) -> MemorySchedules:
        return self._begun.schedules

    @property
    def reschedules(self) -> MemoryReschedules:
        return self._begun.reschedules

    @property
    def courier_tasks(self) -> MemoryCourierTasks:
        return self._begun.courier_tasks

    @property
    def dispatch_desk(self) -> MemoryDispatchDesk:
        return self._begun.dispatch_desk

    @property
    def price_books(self) -> MemoryPriceBookRepository:
        return self._begun.price_books

    @property
    def outbox(self) -> MemoryOutbox:
        return self._begun.outbox

    @property
    def messages(self) -> MemoryMessageRepository:
        return self._begun.messages

    @property
    def message_desk(self) -> MemoryMessageDesk:
        return self._begun.message_desk

    @property
    def refused_addresses(self) -> MemoryRefusedAddresses:
        return self._begun.refused_addresses

    @property
    def idempotency(self) -> MemoryIdempotencyRecords:
        return self._begun.idempotency

    @property
    def provider_events(self) -> MemoryProviderEvents:
        return self._begun.provider_events

    @property
    def booking_desk(self) -> MemoryBookingDesk:
        return self._begun.booking_desk

    @property
    def booking_notes(self) -> MemoryBookingNotes:
        return self._begun.booking_notes

    @property
    def documents(self) -> MemoryDocuments:
        return self._begun.documents

    @property
    def refund_desk(self) -> MemoryRefundDesk:
        return self._begun.refund_desk

    @property
    def customers(self) -> MemoryCustomers:
        return self._begun.customers

    @property
    def registrations(self) -> MemoryRegistrations:
        return self._begun.registrations

    @property
    def password_resets(self) -> MemoryPasswordResets:
        return self._begun.password_resets

    @property
    def saved_addresses(self) -> MemorySavedAddresses:
        return self._begun.saved_addresses

    @property
    def traces(self) -> MemoryTraces:
        return self._begun.traces

    @property
    def spending(self) -> MemoryCustomerSpending:
        return self._begun.spending

    @property
    def customer_desk(self) -> MemoryCustomerDesk:
        return self._begun.customer_desk

    @property
    def customer_notes(self) -> MemoryCustomerNotes:
        return self._begun.customer_notes

    @property
    def customer_contacts(self) -> MemoryCustomerContacts:
        return self._begun.customer_contacts

    @property
    def kept(self) -> MemoryKeptRecords:
        return self._begun.kept

    @property
    def payment_desk(self) -> MemoryPaymentDesk:
        return self._begun.payment_desk

    @property
    def dashboard_desk(self) -> MemoryDashboardDesk:
        return self._begun.dashboard_desk

    @property
    def report_desk(self) -> MemoryReportDesk:
        return self._begun.report_desk

    @property
    def payment_methods(self) -> MemoryPaymentMethods:
        return self._begun.payment_methods

    @property
    def staff_accounts(self) -> MemoryStaffAccounts:
        return self._begun.staff_accounts

    @property
    def login_tries(self) -> MemoryLoginTries:
        return self._begun.login_tries

    @property
    def sessions(self) -> MemorySessions:
        return self._begun.sessions

    @property
    def webhook_subscriptions(self) -> MemoryWebhookSubscriptions:
        return self._begun.webhook_subscriptions

    @property
    def webhook_events(self) -> MemoryWebhookEvents:
        return self._begun.webhook_events

    @property
    def webhook_deliveries(self) -> MemoryWebhookDeliveries:
        return self._begun.webhook_deliveries

    @property
    def staff_acts(self) -> MemoryStaffActs:
        return self._begun.staff_acts

    def act_from(self, origin: Origin) -> Self:
        """Record from where with every staff act of the transactions to come."""
        self._origin = origin
        return self

    async def __aenter__(self) -> Self:
        if self._open is not None:
            raise RuntimeError("this unit of work is in a transaction already")
        await asyncio.sleep(0)  # others run here, as while a real database answers
        self._open = OpenTransaction(self._database, self._database.begin(), origin=self._origin)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.transaction.end()
            self._open = None

    async def commit(self) -> None:
        """Make everything since `async with` last, and release its locks."""
        begun = self._begun
        await begun.webhook_events.before_commit()
        await begun.recounts.before_commit(begun.outbox)
        await begun.staff_acts.before_commit()
        begun.transaction.commit()
        self._open = None

    @property
    def _begun(self) -> OpenTransaction:
        if self._open is None:
            raise RuntimeError("this unit of work is not in a transaction")
        if self._open.transaction.is_doomed:
            raise RuntimeError("a refusal has ended this transaction: leave it, then enter again")
        return self._open
