"""The ledger. Triggers refuse to change or remove a row, and an entry that does not balance."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_adapters.postgres.tables.payments import payments
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind

# `amount_cents` is the sum of the entry's debits: a posting that comes later breaks it.
ledger_entries = Table(
    "ledger_entries",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False, unique=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False),
    Column("payment_id", Uuid),
    Column("amount_cents", BigInteger, nullable=False),
    Column("posted_at", INSTANT, nullable=False),
    ForeignKeyConstraint(["booking_id", "payment_id"], [payments.c.booking_id, payments.c.id]),
    one_of("kind", EntryKind),
    CheckConstraint("amount_cents > 0", name="amount_cents"),
    # Without one: what costs nothing, a price that changed, and what came and went in cash.
    CheckConstraint(
        "payment_id IS NOT NULL OR kind IN ('charge', 'repriced')"
        " OR starts_with(cause, 'cash_returned:')",
        name="payment_id",
    ),
    Index(None, "booking_id", "posted_at", "id"),
    Index(None, "posted_at"),
)

# A debit is above zero, a credit below.
ledger_postings = Table(
    "ledger_postings",
    METADATA,
    Column("entry_id", Uuid, ForeignKey(ledger_entries.c.id), nullable=False),
    Column("account", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    PrimaryKeyConstraint("entry_id", "account"),
    one_of("account", Account),
    CheckConstraint("amount_cents <> 0", name="amount_cents"),
)
