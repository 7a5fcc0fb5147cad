"""The ledger of a house that has been in use for years: its charges, and a refund in twenty."""

from typing import Final

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

# As `post_charge` books the one quote all bookings have.
SIDES: Final = """
CREATE TEMPORARY TABLE sides ON COMMIT DROP AS
SELECT * FROM (
    SELECT 'stripe' AS account, sum(amount_cents)::bigint AS amount_cents FROM first_lines
    UNION ALL SELECT 'revenue', -sum(amount_cents) FILTER (WHERE kind NOT IN ('discount', 'tax'))
        FROM first_lines
    UNION ALL SELECT 'discounts', -sum(amount_cents) FILTER (WHERE kind = 'discount')
        FROM first_lines
    UNION ALL SELECT 'tax_payable', -sum(amount_cents) FILTER (WHERE kind = 'tax') FROM first_lines
) AS side
WHERE amount_cents <> 0
"""
FIRST_LINES: Final = """
CREATE TEMPORARY TABLE first_lines ON COMMIT DROP AS
SELECT quote_lines.* FROM quote_lines
WHERE booking_id = (SELECT booking_id FROM payments WHERE status = 'pending')
"""
CHARGES: Final = """
INSERT INTO ledger_entries (id, kind, cause, booking_id, payment_id, amount_cents, posted_at)
SELECT gen_random_uuid(), 'charge', 'charge:' || payments.id, booking_id, payments.id,
    (SELECT sum(amount_cents) FROM sides WHERE amount_cents > 0), bookings.created_at
FROM payments JOIN bookings ON bookings.id = booking_id
WHERE payments.status = 'succeeded'
"""
CHARGED: Final = """
INSERT INTO ledger_postings SELECT ledger_entries.id, account, sides.amount_cents
FROM ledger_entries CROSS JOIN sides
"""
REFUNDS: Final = """
INSERT INTO ledger_entries (id, kind, cause, booking_id, payment_id, amount_cents, posted_at)
SELECT gen_random_uuid(), 'refund', 'refund:' || gen_random_uuid(), booking_id, payment_id, 10000,
    least(posted_at + interval '3 days', now())
FROM ledger_entries WHERE hashtext(cause) % 20 = 0
"""
REFUNDED: Final = """
INSERT INTO ledger_postings
SELECT id, account, side.amount_cents
FROM ledger_entries CROSS JOIN (VALUES ('stripe', -10000), ('refunds', 10000))
    AS side (account, amount_cents)
WHERE kind = 'refund'
"""
TABLES: Final = ("ledger_entries", "ledger_postings")


def store_ledger(connection: Connection) -> None:
    """Post what was paid for every stored booking, in one transaction."""
    with connection.transaction():
        _triggers(connection, SQL("DISABLE"))  # a call for each row takes minutes
        for statement in (FIRST_LINES, SIDES, CHARGES, CHARGED, REFUNDS, REFUNDED):
            connection.execute(statement.encode())
        _triggers(connection, SQL("ENABLE"))


def _triggers(connection: Connection, act: SQL) -> None:
    for table in TABLES:
        statement: Composed = SQL("ALTER TABLE {} {} TRIGGER USER").format(Identifier(table), act)
        connection.execute(statement)
