"""Reports of money: what the ledger has of some days, each in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, Integer, Row, bindparam, text

from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.pricing import LineKind
from totetaxi_core.reports.report_desk import EarnedLine, Posted, Sold, Spender, Window

BOUNDS: Final = bindparam("bounds", type_=ARRAY(INSTANT))
WINDOW: Final = (
    bindparam("begins_at", type_=INSTANT),
    bindparam("ends_at", type_=INSTANT),
)
BY_SPAN: Final = text("""
    SELECT width_bucket(posted_at, :bounds) - 1 AS span, kind, account,
        sum(side.amount_cents)::bigint AS amount_cents, count(*) AS entries
    FROM ledger_entries AS entry JOIN ledger_postings AS side ON side.entry_id = entry.id
    WHERE posted_at >= :begins_at AND posted_at < :ends_at
    GROUP BY span, kind, account
""").bindparams(BOUNDS, *WINDOW)
BY_SERVICE: Final = text("""
    SELECT service_type AS sold, kind, account,
        sum(side.amount_cents)::bigint AS amount_cents, count(*) AS entries
    FROM ledger_entries AS entry
    JOIN ledger_postings AS side ON side.entry_id = entry.id
    JOIN bookings ON bookings.id = entry.booking_id
    WHERE posted_at >= :begins_at AND posted_at < :ends_at
        AND account NOT IN ('stripe', 'cash', 'customer_money')
    GROUP BY sold, kind, account
""").bindparams(*WINDOW)
# Lines of kind `base` come first, and at most one in a booking. Few have none: only theirs are
# looked up among the bookings.
BY_PACKAGE: Final = text("""
    SELECT coalesce(line.code, (
            SELECT service_type FROM bookings WHERE bookings.id = entry.booking_id
        )) AS sold, entry.kind, account,
        sum(side.amount_cents)::bigint AS amount_cents, count(*) AS entries
    FROM ledger_entries AS entry
    JOIN ledger_postings AS side ON side.entry_id = entry.id
    LEFT JOIN quote_lines AS line ON line.booking_id = entry.booking_id
        AND line.position = 0 AND line.kind = 'base'
    WHERE posted_at >= :begins_at AND posted_at < :ends_at
        AND account NOT IN ('stripe', 'cash', 'customer_money')
    GROUP BY sold, entry.kind, account
""").bindparams(*WINDOW)
SOLD: Final = {Sold.SERVICE: BY_SERVICE, Sold.PACKAGE: BY_PACKAGE}
# To split every booking's revenue over its lines takes too long where there are a million. Those
# that were charged once have earned just their lines; the few that moved are split one by one.
BY_LINE: Final = text("""
    WITH moved AS (
        SELECT booking_id FROM ledger_entries WHERE kind = 'repriced'
        UNION SELECT booking_id FROM payments WHERE purpose = 'reschedule' AND status = 'succeeded'
    ),
    plain AS (
        SELECT line.kind, line.code, max(line.label) AS label, count(*) AS lines,
            sum(line.amount_cents) AS amount_cents
        FROM ledger_entries AS entry JOIN quote_lines AS line USING (booking_id)
        WHERE posted_at >= :begins_at AND posted_at < :ends_at AND entry.kind = 'charge'
            AND line.kind <> 'tax'
            AND NOT EXISTS (SELECT FROM moved WHERE moved.booking_id = entry.booking_id)
            AND NOT EXISTS (
                SELECT FROM payments WHERE payments.id = entry.payment_id AND purpose = 'duplicate'
            )
        GROUP BY line.kind, line.code
    ),
    posted AS (
        SELECT entry.booking_id, account = 'discounts' AS is_discount,
            -sum(side.amount_cents) AS amount_cents
        FROM moved JOIN ledger_entries AS entry USING (booking_id)
        JOIN ledger_postings AS side ON side.entry_id = entry.id
        WHERE posted_at >= :begins_at AND posted_at < :ends_at
            AND account IN ('revenue', 'discounts')
        GROUP BY entry.booking_id, is_discount
    ),
    line_of_moved AS (
        SELECT line.*, line.kind = 'discount' AS is_discount,
            sum(amount_cents) OVER (own ORDER BY position) AS up_to_cents,
            sum(amount_cents) OVER own AS whole_cents
        FROM moved JOIN quote_lines AS line USING (booking_id)
        WHERE kind <> 'tax'
        WINDOW own AS (PARTITION BY booking_id, kind = 'discount')
    ),
    split AS (
        SELECT line.kind, code, label,
            div(posted.amount_cents * up_to_cents, whole_cents)
                - div(posted.amount_cents * (up_to_cents - line.amount_cents), whole_cents)
                AS amount_cents
        FROM line_of_moved AS line JOIN posted USING (booking_id, is_discount)
        WHERE whole_cents <> 0
    ),
    earned AS (
        SELECT kind, code, label, lines, amount_cents FROM plain
        UNION ALL
        SELECT kind, code, max(label), count(*), sum(amount_cents) FROM split GROUP BY kind, code
    ),
    ledger AS (
        SELECT CASE account WHEN 'revenue' THEN 'base' ELSE 'discount' END AS kind,
            -sum(side.amount_cents) AS amount_cents
        FROM ledger_entries AS entry JOIN ledger_postings AS side ON side.entry_id = entry.id
        WHERE posted_at >= :begins_at AND posted_at < :ends_at
            AND account IN ('revenue', 'discounts')
        GROUP BY account
        UNION ALL VALUES ('base', 0), ('discount', 0)
    ),
    rest AS (
        SELECT kind, '' AS code, '' AS label, 0 AS lines, sum(amount_cents) AS amount_cents
        FROM (
            SELECT kind, amount_cents FROM ledger
            UNION ALL
            SELECT CASE kind WHEN 'discount' THEN kind ELSE 'base' END, -amount_cents FROM earned
        ) AS both_sides
        GROUP BY kind
    )
    SELECT kind, code, max(label) AS label, sum(lines)::bigint AS lines,
        sum(amount_cents)::bigint AS amount_cents
    FROM (SELECT * FROM earned UNION ALL SELECT * FROM rest WHERE amount_cents <> 0) AS every
    GROUP BY kind, code
""").bindparams(*WINDOW)
# How often they booked is counted for those few alone.
SPENDERS: Final = text("""
    SELECT top.customer_id, top.spent_cents, latest.contact_email, latest.full_name,
        latest.bookings
    FROM (
        SELECT customer_id, CASE WHEN customer_id IS NULL THEN lower(contact_email) END AS guest,
            sum(moved.amount_cents)::bigint AS spent_cents
        FROM (
            SELECT booking_id, side.amount_cents
            FROM ledger_entries AS entry JOIN ledger_postings AS side ON side.entry_id = entry.id
            WHERE posted_at >= :begins_at AND posted_at < :ends_at
                AND account IN ('stripe', 'cash')
        ) AS moved
        JOIN bookings ON bookings.id = booking_id
        GROUP BY customer_id, guest
        HAVING sum(moved.amount_cents) > 0
        ORDER BY spent_cents DESC, customer_id, guest
        LIMIT :most
    ) AS top
    CROSS JOIN LATERAL (
        SELECT count(*) AS bookings,
            (array_agg(contact_email ORDER BY created_at DESC, id))[1] AS contact_email,
            (array_agg(contact_first_name || ' ' || contact_last_name
                ORDER BY created_at DESC, id))[1] AS full_name
        FROM bookings
        WHERE EXISTS (
            SELECT FROM ledger_entries AS entry
            WHERE entry.booking_id = bookings.id AND kind = 'charge'
                AND posted_at >= :begins_at AND posted_at < :ends_at
        ) AND (
            bookings.customer_id = top.customer_id
            OR (bookings.customer_id IS NULL AND lower(contact_email) = top.guest)
        )
    ) AS latest
    ORDER BY spent_cents DESC, customer_id, guest
""").bindparams(*WINDOW, bindparam("most", type_=Integer))


K = TypeVar("K")


class PostgresMoneyReports:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def posted_by_span(self, bounds: Sequence[datetime]) -> Mapping[int, Sequence[Posted]]:
        asked = {"bounds": list(bounds), "begins_at": bounds[0], "ends_at": bounds[-1]}
        return _grouped(
            (row.span, _posted(row)) for row in await self._transaction.execute(BY_SPAN, asked)
        )

    async def posted_by_sold(self, window: Window, *, by: Sold) -> Mapping[str, Sequence[Posted]]:
        return _grouped(
            (row.sold, _posted(row))
            for row in await self._transaction.execute(SOLD[by], _instants(window))
        )

    async def earned_by_line(self, window: Window) -> Sequence[EarnedLine]:
        return [
            EarnedLine(
                kind=LineKind(row.kind),
                code=row.code,
                label=row.label,
                lines=row.lines,
                amount_cents=row.amount_cents,
            )
            for row in await self._transaction.execute(BY_LINE, _instants(window))
        ]

    async def top_spenders(self, window: Window, *, limit: int) -> Sequence[Spender]:
        asked = {**_instants(window), "most": limit}
        return [
            Spender(
                customer_id=row.customer_id,
                email=row.contact_email,
                name=row.full_name,
                bookings=row.bookings,
                spent_cents=row.spent_cents,
            )
            for row in await self._transaction.execute(SPENDERS, asked)
        ]


def _instants(window: Window) -> Mapping[str, object]:
    return {"begins_at": window.begins_at, "ends_at": window.ends_at}


def _posted(row: Row[Any]) -> Posted:
    return Posted(
        kind=EntryKind(row.kind),
        account=Account(row.account),
        amount_cents=row.amount_cents,
        entries=row.entries,
    )


def _grouped(pairs: Iterable[tuple[K, Posted]]) -> Mapping[K, Sequence[Posted]]:
    found: defaultdict[K, list[Posted]] = defaultdict(list)
    for key, posted in pairs:
        found[key].append(posted)
    return found
