"""The repositories of one transaction over an in-memory database."""

from totetaxi_adapters.memory.booking_desk import MemoryBookingDesk
from totetaxi_adapters.memory.booking_notes import MemoryBookingNotes
from totetaxi_adapters.memory.bookings import MemoryBookingRepository
from totetaxi_adapters.memory.courier_tasks import MemoryCourierTasks
from totetaxi_adapters.memory.crews import MemoryCrewCalendar
from totetaxi_adapters.memory.customer_desk import MemoryCustomerDesk
from totetaxi_adapters.memory.customer_notes import MemoryCustomerContacts, MemoryCustomerNotes
from totetaxi_adapters.memory.customer_totals import DueRecounts, MemoryCustomerSpending
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
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_adapters.memory.webhook_deliveries import MemoryWebhookDeliveries
from totetaxi_adapters.memory.webhook_events import MemoryWebhookEvents
from totetaxi_adapters.memory.webhook_subscriptions import MemoryWebhookSubscriptions
from totetaxi_core.staff.origin import Origin


class OpenTransaction:
    """Every port to what is stored, in this transaction; `origin` is told with staff acts."""

    def __init__(
        self, database: MemoryDatabase, transaction: Transaction, *, origin: Origin | None
    ) -> None:
        self.transaction = transaction
        self.bookings = MemoryBookingRepository(database, transaction)
        self.payments = MemoryPaymentRepository(database, transaction)
        self.refunds = MemoryRefundRepository(database, transaction)
        self.disputes = MemoryDisputes(database, transaction)
        self.ledger = MemoryLedger(database, transaction)
        self.reconciliation = MemoryReconciliationRecords(database, transaction)
        self.open_drifts = MemoryOpenDrifts(database, transaction)
        self.discount_uses = MemoryDiscountUses(database, transaction)
        self.crews = MemoryCrewCalendar(database, transaction)
        self.schedules = MemorySchedules(database, transaction)
        self.reschedules = MemoryReschedules(database, transaction)
        self.courier_tasks = MemoryCourierTasks(database, transaction)
        self.dispatch_desk = MemoryDispatchDesk(database, transaction)
        self.price_books = MemoryPriceBookRepository(database, transaction)
        self.outbox = MemoryOutbox(database, transaction)
        self.messages = MemoryMessageRepository(database, transaction)
        self.message_desk = MemoryMessageDesk(database, transaction)
        self.refused_addresses = MemoryRefusedAddresses(database, transaction)
        self.idempotency = MemoryIdempotencyRecords(database, transaction)
        self.provider_events = MemoryProviderEvents(database, transaction)
        self.booking_desk = MemoryBookingDesk(database, transaction)
        self.booking_notes = MemoryBookingNotes(database, transaction)
        self.documents = MemoryDocuments(database, transaction)
        self.refund_desk = MemoryRefundDesk(database, transaction)
        self.customers = MemoryCustomers(database, transaction)
        self.registrations = MemoryRegistrations(database, transaction)
        self.password_resets = MemoryPasswordResets(database, transaction)
        self.spending = MemoryCustomerSpending(self.bookings, self.ledger)
        self.customer_desk = MemoryCustomerDesk(database, transaction)
        self.customer_notes = MemoryCustomerNotes(database, transaction)
        self.customer_contacts = MemoryCustomerContacts(database, transaction)
        self.recounts = DueRecounts(self.bookings, self.ledger, self.customers)
        self.saved_addresses = MemorySavedAddresses(database, transaction)
        self.traces = MemoryTraces(database, transaction)
        self.kept = MemoryKeptRecords(database, transaction)
        self.payment_desk = MemoryPaymentDesk(database, transaction)
        self.dashboard_desk = MemoryDashboardDesk(database, transaction)
        self.report_desk = MemoryReportDesk(database, transaction)
        self.payment_methods = MemoryPaymentMethods(database, transaction)
        self.staff_accounts = MemoryStaffAccounts(database, transaction)
        self.login_tries = MemoryLoginTries(database, transaction)
        self.sessions = MemorySessions(database, transaction)
        self.webhook_subscriptions = MemoryWebhookSubscriptions(database, transaction)
        self.webhook_events = MemoryWebhookEvents(database, transaction)
        self.webhook_deliveries = MemoryWebhookDeliveries(database, transaction)
        self.staff_acts = MemoryStaffActs(database, transaction, origin=origin)
