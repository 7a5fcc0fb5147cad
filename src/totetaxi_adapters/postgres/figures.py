"""What Prometheus is told of the database; each figure by an index, over what is unfinished."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Float,
    bindparam,
    case,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import bookings, crew_half_hours, refunds
from totetaxi_adapters.postgres.tables.metadata import INSTANT

COUNT = func.count().label("number")
JOBS = table("procrastinate_jobs", column("id"), column("queue_name"), column("status"))
EVENTS = table("procrastinate_events", column("job_id"), column("type"), column("at", INSTANT))
# A job that waits for its time is not late: a later one than that of its deferral counts.
WAITS_SINCE = func.greatest(
    func.min(EVENTS.c.at), func.min(literal_column("procrastinate_jobs.scheduled_at"))
)
OF_JOB = (
    select(JOBS.c.queue_name, JOBS.c.status, WAITS_SINCE.label("since"))
    .join_from(JOBS, EVENTS, EVENTS.c.job_id == JOBS.c.id)
    .where(literal_column("procrastinate_jobs.status IN ('todo', 'doing')"))
    .group_by(JOBS.c.id, JOBS.c.queue_name, JOBS.c.status)
    .subquery()
)
AGE_S = func.extract("epoch", func.clock_timestamp() - func.min(OF_JOB.c.since)).cast(Float)
QUEUES = select(OF_JOB.c.queue_name, OF_JOB.c.status, COUNT, AGE_S.label("age_s")).group_by(
    OF_JOB.c.queue_name, OF_JOB.c.status
)
# Written out, as the index's condition is.
PENDING: ColumnElement[bool] = literal_column("bookings.status = 'pending'")
LAPSED = bookings.c.hold_expires_at <= bindparam("now", type_=INSTANT)
HOLDS = select(
    func.count(case((LAPSED, None), else_=1)).label("standing"),
    func.count(case((LAPSED, 1))).label("lapsed"),
).where(PENDING, bookings.c.deleted_at.is_(None))
LEAST_LEFT = (
    select(
        crew_half_hours.c.on_date,
        func.min(crew_half_hours.c.crews - crew_half_hours.c.taken).label("crews_left"),
    )
    .where(
        crew_half_hours.c.on_date.between(
            bindparam("first_on", type_=Date), bindparam("last_on", type_=Date)
        )
    )
    .group_by(crew_half_hours.c.on_date)
)
OPEN_REFUNDS = (
    select(refunds.c.status, COUNT)
    .where(
        literal_column("refunds.status IN ('requested', 'approved', 'failed')"),
        (literal_column("refunds.status <> 'failed'"))
        | (refunds.c.updated_at >= bindparam("failed_since", type_=INSTANT)),
    )
    .group_by(refunds.c.status)
)
SIZE = select(func.pg_database_size(func.current_database()).cast(BigInteger))
FAILED_FOR: Final = timedelta(days=1)


class Queue(NamedTuple):
    """Jobs of one queue and state (`todo` or `doing`), and how old the oldest is."""

    name: str
    state: str
    number: int
    oldest_s: float


class Holds(NamedTuple):
    """Unpaid bookings: whose hold stands, and whose hold is over though nobody ended them."""

    standing: int
    lapsed: int


class PostgresFigures:
    """Reads outside of transactions. Each may raise DatabaseUnavailableError."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def queues(self) -> tuple[Queue, ...]:
        """Return every queue that has jobs, by state."""
        with refusals():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(QUEUES)).all()
        return tuple(
            Queue(row.queue_name, row.status, row.number, max(0.0, row.age_s)) for row in rows
        )

    async def holds(self, now: datetime) -> Holds:
        """Return how many there are at an aware instant."""
        with refusals():
            async with self._engine.connect() as connection:
                row = (await connection.execute(HOLDS, {"now": now})).one()
        return Holds(row.standing, row.lapsed)

    async def least_crews_left(self, first_on: date, last_on: date) -> Mapping[date, int]:
        """Return the crews free in the fullest half hour of each date that has any taken."""
        days = {"first_on": first_on, "last_on": last_on}
        with refusals():
            async with self._engine.connect() as connection:
                rows = (await connection.execute(LEAST_LEFT, days)).all()
        return {row.on_date: row.crews_left for row in rows}

    async def refunds(self, now: datetime) -> Mapping[str, int]:
        """Return how many are requested, approved, or failed within a day, by status."""
        with refusals():
            async with self._engine.connect() as connection:
                since = {"failed_since": now - FAILED_FOR}
                rows = (await connection.execute(OPEN_REFUNDS, since)).all()
        return {row.status: row.number for row in rows}

    async def size_bytes(self) -> int:
        """Return the size of the whole database."""
        with refusals():
            async with self._engine.connect() as connection:
                return int(await connection.scalar(SIZE) or 0)
