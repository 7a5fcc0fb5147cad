"""What all units of work of one in-memory database share."""

from totetaxi_adapters.memory.jobs import MemoryJobs
from totetaxi_adapters.memory.row_locks import RowLocks
from totetaxi_adapters.memory.tables import (
    BookingTables,
    MoneyTables,
    OutgoingTables,
    PeopleTables,
)
from totetaxi_adapters.memory.transaction import Transaction


class MemoryDatabase(BookingTables, MoneyTables, PeopleTables, OutgoingTables):
    """The committed rows, the locks and the jobs. It belongs to one event loop at a time.

    The same steps give the same rows, in the same order: nothing here is random or timed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locks = RowLocks()
        self.jobs = MemoryJobs()

    def begin(self) -> Transaction:
        return Transaction(self.locks)
