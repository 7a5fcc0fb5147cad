"""The tables; `METADATA` holds them all. Their constraints keep what the core promises."""

from totetaxi_adapters.postgres.tables.booking_notes import booking_notes
from totetaxi_adapters.postgres.tables.bookings import (
    bookings,
    discount_uses,
    idempotency_records,
    quote_lines,
)
from totetaxi_adapters.postgres.tables.courier_tasks import courier_tasks
from totetaxi_adapters.postgres.tables.crews import crew_dates, crew_half_hours
from totetaxi_adapters.postgres.tables.customer_notes import customer_contacts, customer_notes
from totetaxi_adapters.postgres.tables.customers import customers
from totetaxi_adapters.postgres.tables.disputes import disputes
from totetaxi_adapters.postgres.tables.documents import documents
from totetaxi_adapters.postgres.tables.ledger import ledger_entries, ledger_postings
from totetaxi_adapters.postgres.tables.metadata import METADATA
from totetaxi_adapters.postgres.tables.outbox import messages, owed_effects, refused_addresses
from totetaxi_adapters.postgres.tables.payment_methods import payment_methods
from totetaxi_adapters.postgres.tables.payments import (
    payment_attempts,
    payments,
    provider_events,
    refunds,
)
from totetaxi_adapters.postgres.tables.price_books import price_book_withdrawals, price_books
from totetaxi_adapters.postgres.tables.processes import heartbeats, rate_limits
from totetaxi_adapters.postgres.tables.reconciliation import open_drifts
from totetaxi_adapters.postgres.tables.registrations import password_resets, registrations
from totetaxi_adapters.postgres.tables.reschedules import reschedules
from totetaxi_adapters.postgres.tables.saved_addresses import saved_addresses
from totetaxi_adapters.postgres.tables.schedules import schedules
from totetaxi_adapters.postgres.tables.staff_accounts import login_tries, sessions, staff_accounts
from totetaxi_adapters.postgres.tables.staff_acts import staff_acts
from totetaxi_adapters.postgres.tables.webhooks import (
    webhook_deliveries,
    webhook_events,
    webhook_subscriptions,
)

__all__ = [
    "METADATA",
    "booking_notes",
    "bookings",
    "courier_tasks",
    "crew_dates",
    "crew_half_hours",
    "customer_contacts",
    "customer_notes",
    "customers",
    "discount_uses",
    "disputes",
    "documents",
    "heartbeats",
    "idempotency_records",
    "ledger_entries",
    "ledger_postings",
    "login_tries",
    "messages",
    "open_drifts",
    "owed_effects",
    "password_resets",
    "payment_attempts",
    "payment_methods",
    "payments",
    "price_book_withdrawals",
    "price_books",
    "provider_events",
    "quote_lines",
    "rate_limits",
    "refunds",
    "refused_addresses",
    "registrations",
    "reschedules",
    "saved_addresses",
    "schedules",
    "sessions",
    "staff_accounts",
    "staff_acts",
    "webhook_deliveries",
    "webhook_events",
    "webhook_subscriptions",
]
