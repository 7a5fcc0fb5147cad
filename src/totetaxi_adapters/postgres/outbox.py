"""The outbox: what is owed, and a job for whatever is due."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    RowMapping,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy import column as plain_column
from sqlalchemy.dialects.postgresql import ARRAY, insert

from totetaxi_adapters.origin import current_origin
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import owed_effects
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import DriverConnection, Transaction
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.outbox.owed_effect import (
    CHANNEL,
    FAILING_ATTEMPTS,
    EffectKind,
    EffectState,
    OwedEffect,
    Standing,
)

# An effect untouched for so long after it got a job gets another one.
JOB_LOST_AFTER: Final = timedelta(seconds=30)

OUTSIDE: Final = frozenset({"deferred_at", "job_id", "origin"})  # what the core does not know
EFFECT = [column for column in owed_effects.c if column.name not in OUTSIDE]
# Of any constraint: an effect whose id comes from its cause meets its twin by both at once.
OWE = insert(owed_effects).on_conflict_do_nothing().returning(owed_effects.c.id)
GET = select(*EFFECT).where(owed_effects.c.id == bindparam("effect_id", type_=Uuid))
LOCK = GET.with_for_update(skip_locked=True)
SAVE = (
    update(owed_effects)
    .where(owed_effects.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in EFFECT})
)

NOW = bindparam("now", type_=INSTANT)
JOBS = table("procrastinate_jobs", plain_column("id", BigInteger))
# One whose job is in the queue yet needs no second, however long the worker stands still.
IS_QUEUED = (
    select(JOBS.c.id)
    .where(JOBS.c.id == owed_effects.c.job_id, literal_column("status = 'todo'"))
    .correlate(owed_effects)
    .exists()
    .label("is_queued")
)
DUE = (
    select(
        owed_effects.c.id,
        owed_effects.c.kind,
        owed_effects.c.payload[CHANNEL].astext.label("channel"),
        owed_effects.c.job_id,
        IS_QUEUED,
    )
    .where(
        literal_column("owed_effects.state = 'due'"),
        owed_effects.c.due_at <= NOW,
        or_(owed_effects.c.leased_until.is_(None), owed_effects.c.leased_until <= NOW),
        or_(
            owed_effects.c.deferred_at.is_(None),
            owed_effects.c.deferred_at < owed_effects.c.due_at,
            owed_effects.c.deferred_at <= bindparam("lost_since", type_=INSTANT),
        ),
    )
    .order_by(owed_effects.c.due_at, owed_effects.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True, of=owed_effects)
)
DEFERRALS = (
    func.unnest(
        bindparam("effect_ids", type_=ARRAY(Uuid)), bindparam("job_ids", type_=ARRAY(BigInteger))
    )
    .table_valued(plain_column("effect_id", Uuid), plain_column("job_id", BigInteger), name="given")
    .render_derived()
)
DEFERRED = (
    update(owed_effects)
    .where(owed_effects.c.id == DEFERRALS.c.effect_id)
    .values(deferred_at=NOW, job_id=DEFERRALS.c.job_id)
)

# In the index's own words, not by a parameter: what is done, soon all but everything, is not read.
IS_UNFINISHED: ColumnElement[bool] = literal_column("owed_effects.state <> 'done'")
IS_DUE = owed_effects.c.state == EffectState.DUE
HAS_ITS_TURN = owed_effects.c.due_at <= NOW
# As `OwedEffect.standing`.
STANDING = case(
    (~IS_DUE, owed_effects.c.state),
    (owed_effects.c.last_error.is_not(None), Standing.RETRYING),
    (HAS_ITS_TURN, Standing.DUE),
    else_=Standing.LATER,
)
OWED = (
    select(
        STANDING.label("standing"),
        owed_effects.c.kind,
        and_(IS_DUE, owed_effects.c.attempts >= FAILING_ATTEMPTS).label("is_failing"),
        case((and_(IS_DUE, HAS_ITS_TURN), owed_effects.c.due_at)).label("since"),
    )
    .where(IS_UNFINISHED)
    .subquery()
)
BACKLOG = select(
    OWED.c.standing,
    OWED.c.kind,
    func.count().label("number"),
    func.count().filter(OWED.c.is_failing).label("failing"),
    func.min(OWED.c.since).label("since"),
).group_by(OWED.c.standing, OWED.c.kind)
RESTING = (
    select(*EFFECT)
    .where(
        literal_column("owed_effects.state = 'waiting'"),
        owed_effects.c.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
        IS_UNFINISHED,
    )
    .order_by(owed_effects.c.due_at, owed_effects.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
TROUBLED = (
    select(*EFFECT)
    .where(
        IS_UNFINISHED,
        or_(
            owed_effects.c.state == EffectState.FAILED,
            and_(
                owed_effects.c.state == EffectState.DUE,
                or_(
                    owed_effects.c.last_error.is_not(None),
                    owed_effects.c.due_at < bindparam("due_before", type_=INSTANT),
                ),
            ),
        ),
    )
    .order_by(owed_effects.c.created_at, owed_effects.c.id)
    .limit(bindparam("limit", type_=Integer))
)


class DueEffect(NamedTuple):
    """What a job is for; `channel` is that of a message on its way, None of all else."""

    kind: EffectKind
    channel: str | None


class Jobs(Protocol):
    """Where jobs go: `totetaxi_adapters.jobs.EffectJobs`."""

    async def defer(
        self, effects: Mapping[UUID, DueEffect], *, connection: DriverConnection
    ) -> Mapping[UUID, int]: ...


class PostgresOutbox:
    """Everything owed. The jobs of what was newly owed are deferred together, at the commit."""

    def __init__(self, transaction: Transaction, jobs: Jobs) -> None:
        self._transaction, self._jobs = transaction, jobs
        self._undeferred: dict[UUID, DueEffect] = {}

    async def owe(self, effect: OwedEffect) -> bool:
        is_due = effect.state is EffectState.DUE and effect.due_at <= effect.created_at
        row = _row(effect) | {
            "deferred_at": effect.created_at if is_due else None,
            "origin": current_origin(),
        }
        if (await self._transaction.execute(OWE, row)).one_or_none() is None:
            return False
        if is_due:
            self._undeferred[effect.id] = DueEffect(effect.kind, effect.payload.get(CHANNEL))
        return True

    async def get(self, effect_id: UUID, *, lock: bool = False) -> OwedEffect | None:
        query = LOCK if lock else GET
        found = await self._transaction.execute(query, {"effect_id": effect_id})
        row = found.mappings().one_or_none()
        return None if row is None else _effect(row)

    async def save(self, effect: OwedEffect) -> None:
        await self._transaction.execute(SAVE, _row(effect) | {"of_id": effect.id})

    async def defer_due(self, *, now: datetime, limit: int) -> int:
        parameters = {"now": now, "lost_since": now - JOB_LOST_AFTER, "limit": limit}
        due = (await self._transaction.execute(DUE, parameters)).all()
        jobs = {row.id: row.job_id for row in due}
        jobless = {
            row.id: DueEffect(EffectKind(row.kind), row.channel) for row in due if not row.is_queued
        }
        if jobless:
            jobs.update(await self._defer(jobless))
        if jobs:
            given = {"effect_ids": list(jobs), "job_ids": list(jobs.values()), "now": now}
            await self._transaction.execute(DEFERRED, given)
        return len(jobs)

    async def resting(self, kinds: Collection[EffectKind], *, limit: int) -> tuple[OwedEffect, ...]:
        parameters = {"kinds": list(kinds), "limit": limit}
        found = await self._transaction.execute(RESTING, parameters)
        return tuple(_effect(row) for row in found.mappings())

    async def backlog(self, *, now: datetime) -> Backlog:
        rows = (await self._transaction.execute(BACKLOG, {"now": now})).all()
        numbers, failing = Counter[str](), Counter[str]()
        for row in rows:
            numbers[row.standing] += row.number
            failing[row.kind] += row.failing
        return Backlog(
            counts={standing: numbers[standing] for standing in Standing},
            failing={kind: failing[kind] for kind in EffectKind},
            due_since=min((row.since for row in rows if row.since), default=None),
        )

    async def troubled(self, *, due_before: datetime, limit: int) -> tuple[OwedEffect, ...]:
        parameters = {"due_before": due_before, "limit": limit}
        found = await self._transaction.execute(TROUBLED, parameters)
        return tuple(_effect(row) for row in found.mappings())

    async def before_commit(self) -> None:
        """Give a job to what was owed in this transaction and is due."""
        if self._undeferred:
            await self._defer(self._undeferred)
            self._undeferred = {}

    async def _defer(self, effects: Mapping[UUID, DueEffect]) -> Mapping[UUID, int]:
        connection = await self._transaction.driver_connection()
        with refusals():
            return await self._jobs.defer(effects, connection=connection)


def _row(effect: OwedEffect) -> dict[str, object]:
    return {
        "id": effect.id,
        "kind": effect.kind,
        "cause": effect.cause,
        "payload": dict(effect.payload),
        "state": effect.state,
        "attempts": effect.attempts,
        "created_at": effect.created_at,
        "due_at": effect.due_at,
        "leased_until": effect.leased_until,
        "done_at": effect.done_at,
        "last_error": effect.last_error,
    }


def _effect(row: RowMapping) -> OwedEffect:
    return OwedEffect(
        **{**row, "kind": EffectKind(row["kind"]), "state": EffectState(row["state"])}
    )
