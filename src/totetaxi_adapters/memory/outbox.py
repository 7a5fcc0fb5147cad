"""The port to the outbox."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from heapq import nsmallest
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import OwedRow
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect, Standing

UNDONE = tuple(state for state in EffectState if state is not EffectState.DONE)
JOB_LOST_AFTER = timedelta(seconds=30)


class MemoryOutbox:
    """Everything owed. A job that did not touch its effect in `JOB_LOST_AFTER` counts as lost."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.effects, transaction)
        self._jobs: list[UUID] = []
        self._queue = database.jobs
        transaction.enlist(self._publish_jobs)

    async def owe(self, effect: OwedEffect) -> bool:
        """Store the effect; False when its cause has owed it before, which changes nothing."""
        await self._transaction.lock("effect", effect.id)
        await self._transaction.lock("cause", effect.cause)
        if self._rows.where("cause", effect.cause):
            return False
        is_due = effect.state is EffectState.DUE and effect.due_at <= effect.created_at
        if is_due:
            self._jobs.append(effect.id)
        self._rows.insert(effect.id, OwedRow(effect, effect.created_at if is_due else None))
        return True

    async def get(self, effect_id: UUID, *, lock: bool = False) -> OwedEffect | None:
        """Return the effect; None when there is none, or (locking) another holds its lock."""
        row = self._rows.get(effect_id)
        if row is None or (lock and not self._transaction.try_lock("effect", effect_id)):
            return None
        return row.effect

    async def save(self, effect: OwedEffect) -> None:
        await self._transaction.lock("effect", effect.id)
        row = self._rows.get(effect.id)
        self._rows.update(effect.id, OwedRow(effect, row.job_at if row else None))

    async def defer_due(self, *, now: datetime, limit: int) -> int:
        """Give a job to every effect that is due, unleased and has had none for a while."""
        due = self._rows.where("state", EffectState.DUE)
        forgotten = [row for row in due if _is_forgotten(row, now=now)]
        forgotten.sort(key=lambda row: (row.effect.due_at, row.effect.id))
        deferred = 0
        for row in forgotten:
            if deferred < limit and self._transaction.try_lock("effect", row.effect.id):
                self._jobs.append(row.effect.id)
                self._rows.update(row.effect.id, row._replace(job_at=now))
                deferred += 1
        return deferred

    async def resting(self, kinds: Collection[EffectKind], *, limit: int) -> tuple[OwedEffect, ...]:
        """Return what rests of these kinds, oldest first, locked; what others hold is left out."""
        rows = (row.effect for row in self._rows.where("state", EffectState.WAITING))
        found = sorted((one.due_at, one.id, one) for one in rows if one.kind in kinds)
        free = [one for _, _, one in found if self._transaction.try_lock("effect", one.id)]
        return tuple(free[:limit])

    async def backlog(self, *, now: datetime) -> Backlog:
        """Return how much is owed and not done; every standing and kind is told of, at 0 too."""
        rows = [row for state in UNDONE for row in self._rows.where("state", state)]
        standings = Counter(row.effect.standing(at=now) for row in rows)
        kinds = Counter(row.effect.kind for row in rows if row.effect.is_failing)
        due = [row.effect.due_at for row in rows if row.effect.state is EffectState.DUE]
        return Backlog(
            counts={standing: standings[standing] for standing in Standing},
            failing={kind: kinds[kind] for kind in EffectKind},
            due_since=min((at for at in due if at <= now), default=None),
        )

    async def troubled(self, *, due_before: datetime, limit: int) -> tuple[OwedEffect, ...]:
        """Return what failed, what is tried again after an error, and what was due before that."""
        failed = self._rows.where("state", EffectState.FAILED)
        due = self._rows.where("state", EffectState.DUE)
        late = [
            row
            for row in due
            if row.effect.last_error is not None or row.effect.due_at < due_before
        ]
        found = [row.effect for row in (*failed, *late)]
        return tuple(nsmallest(limit, found, key=lambda each: (each.created_at, each.id)))

    def _publish_jobs(self) -> None:
        for effect_id in self._jobs:
            self._queue.add(effect_id)


def _is_forgotten(row: OwedRow, *, now: datetime) -> bool:
    leased_until = row.effect.leased_until
    if now < row.effect.due_at or (leased_until is not None and now < leased_until):
        return False
    if row.job_at is None or row.job_at < row.effect.due_at:
        return True
    return row.job_at + JOB_LOST_AFTER <= now
