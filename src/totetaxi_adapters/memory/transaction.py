"""One transaction: changes kept aside, locks held to its end."""

from collections.abc import Callable, Hashable

from totetaxi_adapters.memory.row_locks import RowLocks


class Transaction:
    """What its unit of work opens and ends.

    Reads see what is committed at that moment and the transaction's own changes, as PostgreSQL
    does at `READ COMMITTED`. A lock is named by its table and key; whoever writes a row or claims
    a unique value locks it first.
    """

    def __init__(self, locks: RowLocks) -> None:
        self._locks = locks
        self._publishers: list[Callable[[], None]] = []
        self.is_doomed = False

    def enlist(self, publish: Callable[[], None]) -> None:
        """Have `publish` called when the transaction commits."""
        self._publishers.append(publish)

    async def lock(self, *name: Hashable) -> None:
        """Keep others out until the end; what was read before must be read again."""
        await self._locks.acquire(self, name)

    def try_lock(self, *name: Hashable) -> bool:
        """Take the lock unless another has it; tell whether it is ours."""
        return self._locks.try_acquire(self, name)

    def doom(self) -> None:
        """Note a broken constraint: PostgreSQL does nothing more in such a transaction."""
        self.is_doomed = True

    def commit(self) -> None:
        for publish in self._publishers:
            publish()
        self.end()

    def end(self) -> None:
        """Drop what was not committed and let the others in."""
        self._publishers.clear()
        self._locks.release_all(self)
