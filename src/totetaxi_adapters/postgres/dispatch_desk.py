"""What staff see of what is driven: each view one statement, over few rows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    RowMapping,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from totetaxi_adapters.postgres.courier_tasks import (
    AT_COURIER,
    NOT_DELETED,
    TASK_FIELDS,
    task_from_row,
)
from totetaxi_adapters.postgres.tables import (
    bookings,
    courier_tasks,
    documents,
    heartbeats,
    owed_effects,
)
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.documents.document import DocumentKind
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import OPEN, CourierTask, CourierTaskStatus, in_order
from totetaxi_core.logistics.dispatch_desk import (
    BoardEntry,
    CourierBacklog,
    FoundTask,
    KeptProof,
    TaskFilter,
)
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.logistics.wake_resting import TOLD_COURIER
from totetaxi_core.page import Place

WORKER, ROUND = "worker", "check_tasks"
TASK = courier_tasks.c


def _among(column: str, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition written out, for the plan to know how few these are."""
    return literal_column(f"{column} IN ({', '.join(repr(str(one)) for one in values)})", Boolean)


STARTS_FROM = TASK.window_start_at >= bindparam("starts_from", type_=INSTANT)
STARTS_BEFORE = TASK.window_start_at < bindparam("starts_before", type_=INSTANT)
AT = bindparam("at", type_=INSTANT)

FOUND = select(
    courier_tasks,
    bookings.c.booking_number,
    bookings.c.status.label("booking_status"),
).join(bookings, bookings.c.id == TASK.booking_id)
LISTED = FOUND.limit(bindparam("limit", type_=Integer))
FIRST_DUE = LISTED.order_by(TASK.window_start_at, TASK.id)
LAST_DUE = LISTED.order_by(TASK.window_start_at.desc(), TASK.id.desc())
PLACE = tuple_(TASK.window_start_at, TASK.id)
PLACED = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
WANTED: Mapping[str, ColumnElement[bool]] = {
    "status": TASK.status == bindparam("status", type_=Text),
    "booking_number": bookings.c.booking_number == bindparam("booking_number", type_=Text),
    "starts_from": STARTS_FROM,
    "starts_before": STARTS_BEFORE,
}
FIND = FOUND.where(TASK.id == bindparam("task_id", type_=Uuid))
BY_STATUS = (
    select(TASK.status, func.count().label("number"))
    .where(NOT_DELETED, STARTS_FROM, STARTS_BEFORE)
    .group_by(TASK.status)
)
UNDER_WAY = FIRST_DUE.where(TASK.status == CourierTaskStatus.ACTIVE)
# A driver is expected on the day itself: what starts later than tomorrow cannot be late.
LATE = FIRST_DUE.where(
    _among("courier_tasks.status", OPEN),
    TASK.window_start_at < AT + literal_column("interval '1 day'"),
    or_(TASK.window_end_at < AT, TASK.estimated_arrival_at > TASK.window_end_at),
)
FAILED = FIRST_DUE.where(
    TASK.status == CourierTaskStatus.FAILED,
    STARTS_FROM,
    _among("bookings.status", sorted(UNDER_COURIER)),
)
PROOF = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(documents.c.id, documents.c.file_name),
                documents.c.created_at,
                documents.c.id,
            )
        )
    )
    .where(
        documents.c.booking_id == bookings.c.id,
        documents.c.kind == DocumentKind.PROOF_OF_DELIVERY,
        documents.c.stored_at.is_not(None),
        documents.c.removed_at.is_(None),
    )
    .scalar_subquery()
)
BOARD = (
    select(
        bookings.c.id.label("of_booking"),
        bookings.c.booking_number,
        bookings.c.status.label("booking_status"),
        bookings.c.service_type,
        bookings.c.pickup_at,
        bookings.c.contact_first_name,
        bookings.c.contact_last_name,
        bookings.c.contact_phone,
        bookings.c.pickup_address["city"].astext.label("pickup_city"),
        bookings.c.delivery_address["city"].astext.label("delivery_city"),
        PROOF.label("proof"),
        courier_tasks,
    )
    .select_from(
        bookings.outerjoin(courier_tasks, and_(TASK.booking_id == bookings.c.id, NOT_DELETED))
    )
    .where(
        bookings.c.pickup_date == bindparam("pickup_on", type_=Date),
        bookings.c.deleted_at.is_(None),
        or_(_among("bookings.status", sorted(STANDING)), TASK.id.is_not(None)),
    )
    .order_by(bookings.c.pickup_time, bookings.c.booking_number)
)


def _silence(name: str, label: str) -> ColumnElement[int]:
    """Return the seconds since a heartbeat, by the database's own clock."""
    since = func.extract("epoch", func.clock_timestamp() - heartbeats.c.beat_at)
    beat = select(cast(since, Integer)).where(heartbeats.c.name == name)
    return beat.scalar_subquery().label(label)


def _waiting() -> Subquery:
    return (
        select(
            func.count().label("waiting"),
            func.count().filter(TASK.refusal != "").label("refused"),
            func.min(TASK.created_at).label("waiting_since"),
        )
        .where(literal_column("courier_tasks.status = 'waiting'"))
        .subquery()
    )


def _owed() -> Subquery:
    return (
        select(func.count().label("owed"), func.min(owed_effects.c.created_at).label("owed_since"))
        .where(
            literal_column("owed_effects.state <> 'done'"),
            _among("owed_effects.kind", TOLD_COURIER),
        )
        .subquery()
    )


def _open() -> Subquery:
    return (
        select(
            func.count().label("open"),
            func.max(TASK.last_synced_at).label("last_sync_at"),
            func.min(TASK.last_synced_at).label("oldest_sync_at"),
        )
        .where(AT_COURIER)
        .subquery()
    )


WAITING, OWED, AT_WORK = _waiting(), _owed(), _open()
BACKLOG = select(
    WAITING,
    OWED,
    AT_WORK,
    _silence(WORKER, "worker_silent_s"),
    _silence(ROUND, "round_silent_s"),
).select_from(WAITING.join(OWED, true()).join(AT_WORK, true()))


class PostgresDispatchDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def board(self, on: date) -> tuple[BoardEntry, ...]:
        rows = await self._transaction.execute(BOARD, {"pickup_on": on})
        by_booking = groupby(rows.mappings(), key=lambda row: row["of_booking"])
        return tuple(_entry(list(legs)) for _, legs in by_booking)

    async def page(
        self,
        wanted: TaskFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundTask, ...]:
        asked = {name: getattr(wanted, name) for name in WANTED}
        given: dict[str, object] = {name: fact for name, fact in asked.items() if fact is not None}
        statement = LAST_DUE if after is None else FIRST_DUE
        statement = statement.where(*(WANTED[name] for name in given))
        if not wanted.has_deleted:
            statement = statement.where(NOT_DELETED)
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < PLACED if after is None else PLACE > PLACED)
            given |= {"place_at": place.created_at, "place_id": place.id}
        found = await self._all(statement, given | {"limit": limit})
        return found if after is None else found[::-1]

    async def find(self, task_id: UUID) -> FoundTask:
        found = await self._all(FIND, {"task_id": task_id})
        if not found:
            raise CourierTaskNotFoundError(f"there is no courier task {task_id}")
        return found[0]

    async def by_status(
        self, *, starts_from: datetime, starts_before: datetime
    ) -> Mapping[CourierTaskStatus, int]:
        span = {"starts_from": starts_from, "starts_before": starts_before}
        rows = await self._transaction.execute(BY_STATUS, span)
        return {CourierTaskStatus(row.status): row.number for row in rows}

    async def under_way(self, *, limit: int) -> tuple[FoundTask, ...]:
        return await self._all(UNDER_WAY, {"limit": limit})

    async def late(self, *, at: datetime, limit: int) -> tuple[FoundTask, ...]:
        return await self._all(LATE, {"at": at, "limit": limit})

    async def failed(self, *, since: datetime, limit: int) -> tuple[FoundTask, ...]:
        return await self._all(FAILED, {"starts_from": since, "limit": limit})

    async def backlog(self) -> CourierBacklog:
        row = (await self._transaction.execute(BACKLOG)).mappings().one()
        return CourierBacklog(**row)

    async def _all(
        self, query: Select[Any], parameters: Mapping[str, object]
    ) -> tuple[FoundTask, ...]:
        rows = await self._transaction.execute(query, parameters)
        return tuple(_found(row) for row in rows.mappings())


def _found(row: RowMapping) -> FoundTask:
    return FoundTask(
        task=_task(row),
        booking_number=row["booking_number"],
        booking_status=BookingStatus(row["booking_status"]),
    )


def _task(row: RowMapping) -> CourierTask:
    return task_from_row({name: row[name] for name in TASK_FIELDS})


def _entry(legs: list[RowMapping]) -> BoardEntry:
    row = legs[0]
    name = f"{row['contact_first_name']} {row['contact_last_name']}"
    return BoardEntry(
        booking_id=row["of_booking"],
        booking_number=row["booking_number"],
        status=BookingStatus(row["booking_status"]),
        service_type=ServiceType(row["service_type"]),
        pickup_at=row["pickup_at"],
        full_name=name.strip(),
        phone=row["contact_phone"],
        pickup_city=row["pickup_city"],
        delivery_city=row["delivery_city"],
        tasks=in_order(_task(leg) for leg in legs if leg["id"] is not None),
        proof=tuple(KeptProof(UUID(one), name) for one, name in row["proof"] or ()),
    )
