"""Idempotency records."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import idempotency_records as records
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.repositories import IdempotencyKey, IdempotencyRecord

KEPT: Final = timedelta(hours=24)

ITS_KEY = (
    records.c.scope == bindparam("of_scope", type_=Text),
    records.c.key == bindparam("of_key", type_=Text),
)
FIND = select(records).where(*ITS_KEY).with_for_update()
ADDING = insert(records)
# A second request of the same key waits here for the first one's transaction.
ADD = ADDING.on_conflict_do_update(
    index_elements=[records.c.scope, records.c.key],
    set_={
        name: ADDING.excluded[name]
        for name in ("body_hash", "booking_id", "leased_until", "created_at")
    },
    where=records.c.created_at < ADDING.excluded.created_at - KEPT,
).returning(records.c.key)
SAVE = (
    update(records)
    .where(*ITS_KEY)
    .values(
        {
            column: bindparam(column.name, type_=column.type)
            for column in records.c
            if column.name not in {"scope", "key"}
        }
    )
)


class PostgresIdempotencyRecords:
    """One record a scope and key; one older than 24 h is as good as none."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, key: IdempotencyKey, *, now: datetime) -> IdempotencyRecord | None:
        parameters = {"of_scope": key.scope, "of_key": key.key}
        row = (await self._transaction.execute(FIND, parameters)).one_or_none()
        if row is None or row.created_at < now - KEPT:
            return None
        return IdempotencyRecord(
            key=IdempotencyKey(scope=row.scope, key=row.key, body_hash=row.body_hash),
            booking_id=row.booking_id,
            leased_until=row.leased_until,
            created_at=row.created_at,
        )

    async def add(self, record: IdempotencyRecord) -> bool:
        row = {"scope": record.key.scope, "key": record.key.key, **_facts(record)}
        return (await self._transaction.execute(ADD, row)).one_or_none() is not None

    async def save(self, record: IdempotencyRecord) -> None:
        row = {"of_scope": record.key.scope, "of_key": record.key.key, **_facts(record)}
        await self._transaction.execute(SAVE, row)


def _facts(record: IdempotencyRecord) -> dict[str, object]:
    return {
        "body_hash": record.key.body_hash,
        "booking_id": record.booking_id,
        "leased_until": record.leased_until,
        "created_at": record.created_at,
    }
