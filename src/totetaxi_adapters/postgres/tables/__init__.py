"""The tables; `METADATA` holds them all. Their constraints keep what the core promises."""

from totetaxi_adapters.postgres.tables.bookings import (
    bookings,
    discount_uses,
    idempotency_records,
    quote_lines,
)
from totetaxi_adapters.postgres.tables.crews import crew_dates, crew_half_hours
from totetaxi_adapters.postgres.tables.customers import customers
from totetaxi_adapters.postgres.tables.disputes import disputes
from totetaxi_adapters.postgres.tables.ledger import ledger_entries, ledger_postings
from totetaxi_adapters.postgres.tables.metadata import METADATA
from totetaxi_adapters.postgres.tables.outbox import messages, owed_effects
from totetaxi_adapters.postgres.tables.payments import (
    payment_attempts,
    payments,
    provider_events,
    refunds,
)
from totetaxi_adapters.postgres.tables.price_books import price_books
from totetaxi_adapters.postgres.tables.processes import heartbeats, rate_limits
from totetaxi_adapters.postgres.tables.reconciliation import open_drifts
from totetaxi_adapters.postgres.tables.staff_accounts import sessions, staff_accounts
from totetaxi_adapters.postgres.tables.staff_acts import staff_acts

__all__ = [
    "METADATA",
    "bookings",
    "crew_dates",
    "crew_half_hours",
    "customers",
    "discount_uses",
    "disputes",
    "heartbeats",
    "idempotency_records",
    "ledger_entries",
    "ledger_postings",
    "messages",
    "open_drifts",
    "owed_effects",
    "payment_attempts",
    "payments",
    "price_books",
    "provider_events",
    "quote_lines",
    "rate_limits",
    "refunds",
    "sessions",
    "staff_accounts",
    "staff_acts",
]
