"""The tasks we gave the courier, or owe it."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from totetaxi_adapters.postgres.tables import courier_tasks
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg

# Written out, as the indexes' conditions are.
NOT_DELETED = literal_column("courier_tasks.status <> 'deleted'", Boolean)
AT_COURIER = literal_column("courier_tasks.status IN ('created', 'assigned', 'active')", Boolean)
LIMIT = bindparam("limit", type_=Integer)
AT = bindparam("at", type_=INSTANT)

INSERT = insert(courier_tasks)
UPDATE = (
    update(courier_tasks)
    .where(courier_tasks.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in courier_tasks.c})
)
GET = select(courier_tasks).where(courier_tasks.c.id == bindparam("task_id", type_=Uuid))
LOCK = GET.with_for_update()
OF_BOOKINGS = (
    select(courier_tasks)
    .where(courier_tasks.c.booking_id == any_(bindparam("booking_ids", type_=ARRAY(Uuid))))
    .order_by(courier_tasks.c.created_at, courier_tasks.c.id)
)
BY_ONFLEET = select(courier_tasks).where(
    courier_tasks.c.onfleet_task_id == bindparam("onfleet_task_id", type_=Text)
)
OPEN = (
    select(courier_tasks)
    .where(AT_COURIER, or_(AT.is_(None), courier_tasks.c.window_start_at < AT))
    .order_by(courier_tasks.c.last_synced_at.asc().nulls_last(), courier_tasks.c.id)
    .limit(LIMIT)
)
TO_LOOK_AGAIN = (
    select(courier_tasks)
    .where(courier_tasks.c.look_again_at <= AT)
    .order_by(courier_tasks.c.look_again_at, courier_tasks.c.id)
    .limit(LIMIT)
)
WINDOWS = (
    select(courier_tasks)
    .where(
        NOT_DELETED,
        courier_tasks.c.window_start_at >= bindparam("starts_from", type_=INSTANT),
        courier_tasks.c.window_start_at < bindparam("starts_before", type_=INSTANT),
    )
    .order_by(courier_tasks.c.window_start_at, courier_tasks.c.id)
    .limit(LIMIT)
)
TASK_FIELDS = tuple(field.name for field in fields(CourierTask))
LISTS = ("photo_ids", "address_warnings")


class PostgresCourierTasks:
    """Their writers hold the lock of the booking."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, task: CourierTask) -> None:
        await self._transaction.execute(INSERT, _row(task))

    async def save(self, task: CourierTask) -> None:
        await self._transaction.execute(UPDATE, _row(task) | {"of_id": task.id})

    async def get(self, task_id: UUID, *, lock: bool = False) -> CourierTask:
        found = await self._all(LOCK if lock else GET, {"task_id": task_id})
        if not found:
            raise CourierTaskNotFoundError(f"there is no courier task {task_id}")
        return found[0]

    async def of_booking(self, booking_id: UUID) -> tuple[CourierTask, ...]:
        return await self.of_bookings([booking_id])

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[CourierTask, ...]:
        return await self._all(OF_BOOKINGS, {"booking_ids": list(booking_ids)})

    async def find_by_onfleet(self, onfleet_task_id: str) -> CourierTask | None:
        found = await self._all(BY_ONFLEET, {"onfleet_task_id": onfleet_task_id})
        return found[0] if found else None

    async def open(
        self, *, starting_before: datetime | None = None, limit: int
    ) -> tuple[CourierTask, ...]:
        return await self._all(OPEN, {"at": starting_before, "limit": limit})

    async def to_look_again(self, *, at: datetime, limit: int) -> tuple[CourierTask, ...]:
        return await self._all(TO_LOOK_AGAIN, {"at": at, "limit": limit})

    async def windows(
        self, *, starts_from: datetime, starts_before: datetime, limit: int
    ) -> tuple[CourierTask, ...]:
        span = {"starts_from": starts_from, "starts_before": starts_before}
        return await self._all(WINDOWS, span | {"limit": limit})

    async def _all(
        self, query: Select[Any], parameters: Mapping[str, object]
    ) -> tuple[CourierTask, ...]:
        rows = await self._transaction.execute(query, parameters)
        return tuple(task_from_row(row) for row in rows.mappings())


def _row(task: CourierTask) -> dict[str, object]:
    row = {name: getattr(task, name) for name in TASK_FIELDS}
    return row | {name: list(row[name]) for name in LISTS}


def task_from_row(row: Mapping[Any, Any]) -> CourierTask:
    """Return the task of a row; lists come as lists."""
    kinds = {"leg": Leg(row["leg"]), "status": CourierTaskStatus(row["status"])}
    return CourierTask(**{**row, **kinds, **{name: tuple(row[name]) for name in LISTS}})
