"""The schedules staff have made, each read from its document once a process."""

from collections import OrderedDict
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Integer, Row, Text, bindparam, cast, func, insert, select

from totetaxi_adapters.postgres.tables import schedules
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedules import StoredSchedule

Key: TypeAlias = tuple[int, datetime, str]
"""Version, when it was made, and the digest of its document."""

KEPT: Final = 32

DIGEST = func.md5(cast(schedules.c.document, Text)).label("digest")
HEAD = (schedules.c.version, schedules.c.changed_at, DIGEST)
NEWEST = select(*HEAD).order_by(schedules.c.version.desc()).limit(1)
OF_VERSION = select(schedules).where(schedules.c.version == bindparam("of_version", type_=Integer))
HISTORY = (
    select(schedules).order_by(schedules.c.version.desc()).limit(bindparam("limit", type_=Integer))
)
INSERT = insert(schedules)


class ScheduleShelf:
    """Keeps the versions last read, of every database of the process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, StoredSchedule] = OrderedDict()

    def find(self, key: Key) -> StoredSchedule | None:
        return self._kept.get(key)

    def keep(self, key: Key, stored: StoredSchedule) -> StoredSchedule:
        self._kept[key] = stored
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return stored


SHELF: Final = ScheduleShelf()


class PostgresSchedules:
    """One immutable row a version."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def current(self, *, lock: bool = False) -> StoredSchedule | None:
        if lock:
            await self._transaction.lock("schedules")
        head = (await self._transaction.execute(NEWEST)).one_or_none()
        if head is None:
            return None
        key = (head.version, head.changed_at, head.digest)
        kept = SHELF.find(key)
        if kept is not None:
            return kept
        row = (await self._transaction.execute(OF_VERSION, {"of_version": head.version})).one()
        return SHELF.keep(key, _stored(row))

    async def add(self, stored: StoredSchedule) -> None:
        row = {
            "version": stored.version,
            "document": stored.schedule.to_document(),
            "changed_by": stored.changed_by,
            "changed_at": stored.changed_at,
            "reason": stored.reason,
        }
        await self._transaction.execute(INSERT, row)

    async def history(self, *, before: int | None, limit: int) -> tuple[StoredSchedule, ...]:
        history = HISTORY if before is None else HISTORY.where(schedules.c.version < before)
        return tuple(map(_stored, await self._transaction.execute(history, {"limit": limit})))


def _stored(row: Row[Any]) -> StoredSchedule:
    return StoredSchedule(
        version=row.version,
        schedule=Schedule.from_document(row.document),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        reason=row.reason,
    )
