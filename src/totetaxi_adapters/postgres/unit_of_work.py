"""One transaction on PostgreSQL over everything we store."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from totetaxi_adapters.postgres.booking_desk import PostgresBookingDesk
from totetaxi_adapters.postgres.booking_notes import PostgresBookingNotes
from totetaxi_adapters.postgres.bookings import PostgresBookingRepository
from totetaxi_adapters.postgres.courier_tasks import PostgresCourierTasks
from totetaxi_adapters.postgres.crews import PostgresCrewCalendar
from totetaxi_adapters.postgres.customer_desk import PostgresCustomerDesk
from totetaxi_adapters.postgres.customer_notes import (
    PostgresCustomerContacts,
    PostgresCustomerNotes,
)
from totetaxi_adapters.postgres.customer_totals import DueRecounts, PostgresCustomerSpending
from totetaxi_adapters.postgres.customers import PostgresCustomers
from totetaxi_adapters.postgres.dashboard_desk import PostgresDashboardDesk
from totetaxi_adapters.postgres.discount_uses import PostgresDiscountUses
from totetaxi_adapters.postgres.dispatch_desk import PostgresDispatchDesk
from totetaxi_adapters.postgres.disputes import PostgresDisputes
from totetaxi_adapters.postgres.documents import PostgresDocuments
from totetaxi_adapters.postgres.idempotency import PostgresIdempotencyRecords
from totetaxi_adapters.postgres.kept_records import PostgresKeptRecords
from totetaxi_adapters.postgres.ledger import PostgresLedger
from totetaxi_adapters.postgres.login_tries import PostgresLoginTries
from totetaxi_adapters.postgres.message_desk import PostgresMessageDesk
from totetaxi_adapters.postgres.messages import PostgresMessageRepository
from totetaxi_adapters.postgres.outbox import Jobs, PostgresOutbox
from totetaxi_adapters.postgres.password_resets import PostgresPasswordResets
from totetaxi_adapters.postgres.payment_list import PostgresPaymentDesk
from totetaxi_adapters.postgres.payment_methods import PostgresPaymentMethods
from totetaxi_adapters.postgres.payments import PostgresPaymentRepository
from totetaxi_adapters.postgres.price_books import PostgresPriceBookRepository
from totetaxi_adapters.postgres.provider_events import PostgresProviderEvents
from totetaxi_adapters.postgres.reconciliation import (
    PostgresOpenDrifts,
    PostgresReconciliationRecords,
)
from totetaxi_adapters.postgres.refund_list import PostgresRefundDesk
from totetaxi_adapters.postgres.refunds import PostgresRefundRepository
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.refused_addresses import PostgresRefusedAddresses
from totetaxi_adapters.postgres.registrations import PostgresRegistrations
from totetaxi_adapters.postgres.report_desk import PostgresReportDesk
from totetaxi_adapters.postgres.reschedules import PostgresReschedules
from totetaxi_adapters.postgres.saved_addresses import PostgresSavedAddresses
from totetaxi_adapters.postgres.schedules import PostgresSchedules
from totetaxi_adapters.postgres.sessions import PostgresSessions
from totetaxi_adapters.postgres.staff_accounts import PostgresStaffAccounts
from totetaxi_adapters.postgres.staff_acts import PostgresStaffActs
from totetaxi_adapters.postgres.traces import PostgresTraces
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_adapters.postgres.webhook_deliveries import PostgresWebhookDeliveries
from totetaxi_adapters.postgres.webhook_events import PostgresWebhookEvents
from totetaxi_adapters.postgres.webhook_subscriptions import PostgresWebhookSubscriptions
from totetaxi_core.staff.origin import Origin

LOGGER = logging.getLogger(__name__)


class PostgresUnitOfWork:
    """`async with` takes a connection from the engine's pool; leaving it gives that back.

    READ COMMITTED: every statement sees what was committed when it began. When `commit` raises
    DatabaseUnavailableError the server may have committed before it fell silent; every use case
    can be repeated.
    """

    def __init__(self, engine: AsyncEngine, *, jobs: Jobs) -> None:
        self._engine, self._jobs = engine, jobs
        self._connection: AsyncConnection | None = None
        self._origin: Origin | None = None
        self._begin(Transaction(None))

    async def __aenter__(self) -> Self:
        if self._connection is not None:
            raise RuntimeError("this unit of work is in use: take another one")
        with refusals():
            self._connection = await self._engine.connect()
        self._begin(Transaction(self._connection))
        return self

    def _begin(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._recounts = DueRecounts(transaction)
        self.bookings = PostgresBookingRepository(transaction, recounts=self._recounts)
        self.payments = PostgresPaymentRepository(transaction)
        self.refunds = PostgresRefundRepository(transaction)
        self.disputes = PostgresDisputes(transaction)
        self.ledger = PostgresLedger(transaction, recounts=self._recounts)
        self.reconciliation = PostgresReconciliationRecords(transaction)
        self.open_drifts = PostgresOpenDrifts(transaction)
        self.discount_uses = PostgresDiscountUses(transaction)
        self.crews = PostgresCrewCalendar(transaction)
        self.schedules = PostgresSchedules(transaction)
        self.reschedules = PostgresReschedules(transaction)
        self.courier_tasks = PostgresCourierTasks(transaction)
        self.dispatch_desk = PostgresDispatchDesk(transaction)
        self.price_books = PostgresPriceBookRepository(transaction)
        self.outbox = PostgresOutbox(transaction, self._jobs)
        self.messages = PostgresMessageRepository(transaction)
        self.message_desk = PostgresMessageDesk(transaction)
        self.refused_addresses = PostgresRefusedAddresses(transaction)
        self.idempotency = PostgresIdempotencyRecords(transaction)
        self.provider_events = PostgresProviderEvents(transaction)
        self.booking_desk = PostgresBookingDesk(transaction)
        self.booking_notes = PostgresBookingNotes(transaction)
        self.documents = PostgresDocuments(transaction)
        self.refund_desk = PostgresRefundDesk(transaction)
        self.customers = PostgresCustomers(transaction)
        self.registrations = PostgresRegistrations(transaction)
        self.password_resets = PostgresPasswordResets(transaction)
        self.spending = PostgresCustomerSpending(transaction)
        self.customer_desk = PostgresCustomerDesk(transaction)
        self.customer_notes = PostgresCustomerNotes(transaction)
        self.customer_contacts = PostgresCustomerContacts(transaction)
        self.saved_addresses = PostgresSavedAddresses(transaction)
        self.traces = PostgresTraces(transaction)
        self.kept = PostgresKeptRecords(transaction)
        self.payment_desk = PostgresPaymentDesk(transaction)
        self.dashboard_desk = PostgresDashboardDesk(transaction)
        self.report_desk = PostgresReportDesk(transaction)
        self.payment_methods = PostgresPaymentMethods(transaction)
        self.staff_accounts = PostgresStaffAccounts(transaction)
        self.login_tries = PostgresLoginTries(transaction)
        self.sessions = PostgresSessions(transaction)
        self.webhook_subscriptions = PostgresWebhookSubscriptions(transaction)
        self.webhook_events = PostgresWebhookEvents(transaction)
        self.webhook_deliveries = PostgresWebhookDeliveries(transaction)
        self.staff_acts = PostgresStaffActs(transaction, origin=self._origin)

    def act_from(self, origin: Origin) -> Self:
        self._origin = origin
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        connection, self._connection = self._connection, None
        self._transaction.end()
        if connection is None:
            return
        # A cancelled request must not leave its connection, and its locks, behind.
        await asyncio.shield(asyncio.create_task(_close(connection)))

    async def commit(self) -> None:
        await self._recounts.before_commit(self.outbox)
        await self.outbox.before_commit()
        await self.webhook_events.before_commit()
        await self.staff_acts.before_commit()
        await self._transaction.commit()
        self.staff_acts.export_head()


async def _close(connection: AsyncConnection) -> None:
    """Roll back what was not committed and give the connection back to its pool."""
    try:
        await connection.close()
    except (SQLAlchemyError, OSError) as error:
        # What counts has been committed or has failed by now; the pool drops the connection.
        LOGGER.warning("a database connection was lost as its transaction ended: %s", error)
