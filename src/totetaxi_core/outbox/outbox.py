"""The port to the outbox, which is written in the transaction of the fact that owes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is owed and not done: how many of each standing, and since when the oldest is due, UTC.

    `failing` is how many of each kind are due for the `FAILING_ATTEMPTS`th time or later: each
    retry has a new due time, so that what never succeeds is never long overdue.
    """

    counts: Mapping[Standing, int]
    failing: Mapping[EffectKind, int]
    due_since: datetime | None


class Outbox(Protocol):
    """Everything owed, done or not. A due effect gets a job in the same transaction."""

    async def owe(self, effect: OwedEffect) -> bool:
        """Store the effect; False when its cause has owed it before, which changes nothing."""
        ...

    async def get(self, effect_id: UUID, *, lock: bool = False) -> OwedEffect | None:
        """Return the effect; None when there is none, or (locking) another holds its lock."""
        ...

    async def save(self, effect: OwedEffect) -> None:
        """Store the effect as it now stands."""
        ...

    async def defer_due(self, *, now: datetime, limit: int) -> int:
        """Give a job to every effect that is due, unleased and has had none for a while."""
        ...

    async def resting(self, kinds: Collection[EffectKind], *, limit: int) -> tuple[OwedEffect, ...]:
        """Return what rests of these kinds, oldest first, locked; what others hold is left out."""
        ...

    async def backlog(self, *, now: datetime) -> Backlog:
        """Return how much is owed and not done; every standing and kind is told of, at 0 too."""
        ...

    async def troubled(self, *, due_before: datetime, limit: int) -> tuple[OwedEffect, ...]:
        """Return what failed, what is tried again after an error, and what was due before that.

        Oldest first.
        """
        ...
