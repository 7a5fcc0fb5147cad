"""Jobs that work the outbox off, each carrying an effect's id alone."""

from collections import deque
from uuid import UUID


class MemoryJobs:
    """The queue: first in, first out. Every job in it may run now."""

    def __init__(self) -> None:
        self._effect_ids: deque[UUID] = deque()

    def __len__(self) -> int:
        return len(self._effect_ids)

    def add(self, effect_id: UUID) -> None:
        self._effect_ids.append(effect_id)

    def take(self) -> UUID | None:
        """Remove the next job and return its effect; None when the queue is empty."""
        return self._effect_ids.popleft() if self._effect_ids else None
