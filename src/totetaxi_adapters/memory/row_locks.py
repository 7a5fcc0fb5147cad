"""Row locks as a database gives them: held until the transaction ends, queued first come first."""

import asyncio
from collections import deque
from collections.abc import Hashable

from totetaxi_core.unit_of_work import DatabaseUnavailableError


class DeadlockError(DatabaseUnavailableError):
    """Two transactions wait for each other: one of them took its locks in the wrong order."""


class RowLocks:
    """Who holds which lock. A holder is a transaction, which waits for one lock at a time."""

    def __init__(self) -> None:
        self._owners: dict[Hashable, object] = {}
        self._held: dict[object, list[Hashable]] = {}
        self._queues: dict[Hashable, deque[tuple[object, asyncio.Future[None]]]] = {}
        self._waiting: dict[object, Hashable] = {}

    async def acquire(self, holder: object, name: Hashable) -> None:
        """Take a lock, waiting behind those who came before; one already held is ours at once.

        Other tasks run here in any case, as they would while a real database answers.

        Raises:
            DeadlockError: whoever has it waits, at last, for us.
        """
        await asyncio.sleep(0)
        if self.try_acquire(holder, name):
            return
        self._refuse_deadlock(holder, name)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(name, deque()).append((holder, turn))
        self._waiting[holder] = name
        try:
            await turn
        finally:
            self._waiting.pop(holder, None)

    def try_acquire(self, holder: object, name: Hashable) -> bool:
        """Take a lock unless another has it; tell whether it is ours."""
        owner = self._owners.setdefault(name, holder)
        held = self._held.setdefault(holder, [])
        if owner is holder and name not in held:
            held.append(name)
        return owner is holder

    def release_all(self, holder: object) -> None:
        """Give each lock of the holder to the next in its queue."""
        for name in self._held.pop(holder, []):
            del self._owners[name]
            self._pass_on(name)

    def _pass_on(self, name: Hashable) -> None:
        queue = self._queues.pop(name, None)
        while queue:
            holder, turn = queue.popleft()
            if not turn.done():  # a cancelled task waits no more
                self._waiting.pop(holder, None)
                self.try_acquire(holder, name)
                turn.set_result(None)
                break
        if queue:
            self._queues[name] = queue

    def _refuse_deadlock(self, holder: object, name: Hashable) -> None:
        owner = self._owners.get(name)
        while owner in self._waiting:
            owner = self._owners.get(self._waiting[owner])
            if owner is holder:
                raise DeadlockError(f"waiting for {name} would never end")
