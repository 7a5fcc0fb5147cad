"""What reconciliation reads: a read model per booking, and the drifts left to a person."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.disputes import dispute_from_row
from totetaxi_adapters.postgres.payments import attempt_from_row, payment_from_row
from totetaxi_adapters.postgres.refunds import refund_from_row
from totetaxi_adapters.postgres.tables import (
    bookings,
    discount_uses,
    disputes,
    ledger_entries,
    ledger_postings,
    open_drifts,
    payment_attempts,
    payments,
    refunds,
)
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.ledger.account import Account
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind
from totetaxi_core.reconciliation.records import BookingKey

IDS = bindparam("ids", type_=ARRAY(Uuid))
TEXTS = bindparam("texts", type_=ARRAY(Text))
LEAST_ID = UUID(int=0)

# One statement a table for a whole page of bookings, soft-deleted ones among them: their money
# was real.
BOOKINGS = (
    select(
        bookings.c.id.label("booking_id"),
        bookings.c.booking_number,
        bookings.c.status,
        bookings.c.cancellation_reason,
        bookings.c.total_cents,
        bookings.c.price_book_version,
        bookings.c.pickup_at,
        bookings.c.cancelled_at,
        discount_uses.c.booking_id.is_not(None).label("has_code_use"),
    )
    .outerjoin(discount_uses, discount_uses.c.booking_id == bookings.c.id)
    .where(bookings.c.id == func.any(IDS))
    .order_by(bookings.c.created_at, bookings.c.id)
)


def _of_bookings(table: Table) -> Select[Any]:
    return (
        select(table)
        .where(table.c.booking_id == func.any(IDS))
        .order_by(table.c.created_at, table.c.id)
    )


PAYMENTS, REFUNDS, DISPUTES = (_of_bookings(one) for one in (payments, refunds, disputes))
ATTEMPTS = (
    select(payment_attempts)
    .where(payment_attempts.c.booking_id == func.any(IDS))
    .order_by(payment_attempts.c.created_at, payment_attempts.c.number, payment_attempts.c.id)
)
LEDGER = (
    select(
        ledger_entries.c.booking_id,
        func.coalesce(
            func.sum(ledger_postings.c.amount_cents).filter(
                ledger_postings.c.account == literal(Account.STRIPE, Text)
            ),
            0,
        ).label("stripe_cents"),
        func.array_agg(ledger_entries.c.cause.distinct()).label("causes"),
    )
    .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
    .where(ledger_entries.c.booking_id == func.any(IDS))
    .group_by(ledger_entries.c.booking_id)
)
OF_INTENTS = (
    select(payment_attempts.c.booking_id)
    .where(payment_attempts.c.intent_id == func.any(TEXTS))
    .distinct()
)


def _listed(instant: Column[datetime]) -> Select[Any]:
    begin = bindparam("begin", type_=INSTANT)
    after = (bindparam("after_at", type_=INSTANT), bindparam("after_id", type_=Uuid))
    return (
        select(instant.label("at"), bookings.c.id.label("booking_id"))
        .where(
            instant >= begin,
            instant < bindparam("until", type_=INSTANT),
            tuple_(instant, bookings.c.id) > tuple_(*after),
        )
        .order_by(instant, bookings.c.id)
        .limit(bindparam("limit", type_=Integer))
    )


CREATED, UPDATED = _listed(bookings.c.created_at), _listed(bookings.c.updated_at)

FOUND = (
    func.unnest(
        bindparam("keys", type_=ARRAY(Text)),
        bindparam("kinds", type_=ARRAY(Text)),
        bindparam("booking_ids", type_=ARRAY(Uuid)),
        bindparam("details", type_=ARRAY(Text)),
    )
    .table_valued("key", "kind", "booking_id", "detail", name="found")
    .render_derived()
)
AT = bindparam("at", type_=INSTANT)
KEEPING = insert(open_drifts).from_select(
    ["key", "kind", "booking_id", "detail", "found_at", "seen_at"],
    select(FOUND.c.key, FOUND.c.kind, FOUND.c.booking_id, FOUND.c.detail, AT, AT),
)
KEEP = KEEPING.on_conflict_do_update(
    index_elements=[open_drifts.c.key],
    set_={"detail": KEEPING.excluded.detail, "seen_at": KEEPING.excluded.seen_at},
)
FORGET = delete(open_drifts).where(
    open_drifts.c.key != func.all(bindparam("keys", type_=ARRAY(Text))),
    open_drifts.c.kind == func.any(bindparam("of_kinds", type_=ARRAY(Text))),
)
OPEN_BOOKINGS = (
    select(open_drifts.c.booking_id).where(open_drifts.c.booking_id.is_not(None)).distinct()
)
COUNTS = select(open_drifts.c.kind, func.count().label("number")).group_by(open_drifts.c.kind)

Item = TypeVar("Item")


class PostgresReconciliationRecords:
    """Six statements a page, however many bookings that is."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[BookingRecord, ...]:
        ids = list(booking_ids)
        found = (await self._rows(BOOKINGS, ids)).items()
        payments_of = await self._items(PAYMENTS, ids, payment_from_row)
        attempts_of = await self._items(ATTEMPTS, ids, attempt_from_row)
        refunds_of = await self._items(REFUNDS, ids, refund_from_row)
        disputes_of = await self._items(DISPUTES, ids, dispute_from_row)
        ledger_of = await self._rows(LEDGER, ids)
        return tuple(
            BookingRecord(
                **_booking(row),
                payments=payments_of[booking_id],
                attempts=attempts_of[booking_id],
                refunds=refunds_of[booking_id],
                disputes=disputes_of[booking_id],
                **_ledger(ledger_of.get(booking_id)),
            )
            for booking_id, row in found
        )

    async def bookings_of_intents(self, intent_ids: Collection[str]) -> frozenset[UUID]:
        found = await self._transaction.execute(OF_INTENTS, {"texts": list(intent_ids)})
        return frozenset(found.scalars())

    async def created(
        self,
        *,
        created_from: datetime,
        created_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        return await self._keys(CREATED, created_from, created_until, after, limit=limit)

    async def updated(
        self,
        *,
        updated_from: datetime,
        updated_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        return await self._keys(UPDATED, updated_from, updated_until, after, limit=limit)

    async def _keys(
        self,
        query: Select[Any],
        begin: datetime,
        until: datetime,
        after: BookingKey | None,
        *,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        after_at, after_id = after or (begin, LEAST_ID)
        values = {"begin": begin, "until": until, "after_at": after_at, "after_id": after_id}
        rows = await self._transaction.execute(query, values | {"limit": limit})
        return tuple(BookingKey(**row) for row in rows.mappings())

    async def _rows(self, query: Select[Any], ids: list[UUID]) -> dict[UUID, RowMapping]:
        rows = await self._transaction.execute(query, {"ids": ids})
        return {row["booking_id"]: row for row in rows.mappings()}

    async def _items(
        self, query: Select[Any], ids: list[UUID], item: Callable[[RowMapping], Item]
    ) -> defaultdict[UUID, tuple[Item, ...]]:
        rows = await self._transaction.execute(query, {"ids": ids})
        by_booking: defaultdict[UUID, tuple[Item, ...]] = defaultdict(tuple)
        for row in rows.mappings():
            by_booking[row["booking_id"]] += (item(row),)
        return by_booking


def _booking(row: RowMapping) -> dict[str, Any]:
    reason = row["cancellation_reason"]
    return {
        **row,
        "status": BookingStatus(row["status"]),
        "cancellation_reason": CancellationReason(reason) if reason else None,
    }


def _ledger(row: RowMapping | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "ledger_stripe_cents": int(row["stripe_cents"]),
        "ledger_causes": frozenset(row["causes"]),
    }


class PostgresOpenDrifts:
    """The drifts that the latest periodic look left to a person."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def replace(
        self, drifts: Collection[Drift], *, kinds: Collection[DriftKind], at: datetime
    ) -> None:
        by_key = {drift.key: drift for drift in drifts}
        await self._transaction.lock("open_drifts")
        forgotten = {"keys": list(by_key), "of_kinds": [str(kind) for kind in kinds]}
        await self._transaction.execute(FORGET, forgotten)
        found = {
            "keys": list(by_key),
            "kinds": [str(one.kind) for one in by_key.values()],
            "booking_ids": [one.booking_id for one in by_key.values()],
            "details": [one.detail for one in by_key.values()],
        }
        await self._transaction.execute(KEEP, found | {"at": at})

    async def bookings(self) -> frozenset[UUID]:
        return frozenset((await self._transaction.execute(OPEN_BOOKINGS)).scalars())

    async def counts(self) -> Mapping[DriftKind, int]:
        rows = await self._transaction.execute(COUNTS)
        return {DriftKind(row.kind): row.number for row in rows}
