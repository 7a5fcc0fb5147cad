"""One transaction over an in-memory database."""

import asyncio
from types import TracebackType
from typing import Self

from totetaxi_adapters.memory.bookings import MemoryBookingRepository
from totetaxi_adapters.memory.crews import MemoryCrewCalendar
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.discount_uses import MemoryDiscountUses
from totetaxi_adapters.memory.idempotency import MemoryIdempotencyRecords
from totetaxi_adapters.memory.messages import MemoryMessageRepository
from totetaxi_adapters.memory.outbox import MemoryOutbox
from totetaxi_adapters.memory.payment_repository import MemoryPaymentRepository
from totetaxi_adapters.memory.price_books import MemoryPriceBookRepository
from totetaxi_adapters.memory.provider_events import MemoryProviderEvents
from totetaxi_adapters.memory.refunds import MemoryRefundRepository
from totetaxi_adapters.memory.staff_acts import MemoryStaffActs
from totetaxi_adapters.memory.transaction import Transaction


class MemoryUnitOfWork:
    """`async with` begins a transaction; leaving it without `commit` undoes all of it.

    Using a repository outside of a transaction, after `commit`, or after a refusal that is a broken
    constraint (number, cart, live attempt, refund) is a RuntimeError.
    """

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._open: _OpenTransaction | None = None

    @property
    def bookings(self) -> MemoryBookingRepository:
        return self._begun.bookings

    @property
    def payments(self) -> MemoryPaymentRepository:
        return self._begun.payments

    @property
    def refunds(self) -> MemoryRefundRepository:
        return self._begun.refunds

    @property
    def discount_uses(self) -> MemoryDiscountUses:
        return self._begun.discount_uses

    @property
    def crews(self) -> MemoryCrewCalendar:
        return self._begun.crews

    @property
    def price_books(self) -> MemoryPriceBookRepository:
        return self._begun.price_books

    @property
    def outbox(self) -> MemoryOutbox:
        return self._begun.outbox

    @property
    def messages(self) -> MemoryMessageRepository:
        return self._begun.messages

    @property
    def idempotency(self) -> MemoryIdempotencyRecords:
        return self._begun.idempotency

    @property
    def provider_events(self) -> MemoryProviderEvents:
        return self._begun.provider_events

    @property
    def staff_acts(self) -> MemoryStaffActs:
        return self._begun.staff_acts

    async def __aenter__(self) -> Self:
        if self._open is not None:
            raise RuntimeError("this unit of work is in a transaction already")
        await asyncio.sleep(0)  # others run here, as while a real database answers
        self._open = _OpenTransaction(self._database, self._database.begin())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.transaction.end()
            self._open = None

    async def commit(self) -> None:
        """Make everything since `async with` last, and release its locks."""
        self._begun.transaction.commit()
        self._open = None

    @property
    def _begun(self) -> "_OpenTransaction":
        if self._open is None:
            raise RuntimeError("this unit of work is not in a transaction")
        if self._open.transaction.is_doomed:
            raise RuntimeError("a refusal has ended this transaction: leave it, then enter again")
        return self._open


class _OpenTransaction:
    """The repositories of one transaction."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self.transaction = transaction
        self.bookings = MemoryBookingRepository(database, transaction)
        self.payments = MemoryPaymentRepository(database, transaction)
        self.refunds = MemoryRefundRepository(database, transaction)
        self.discount_uses = MemoryDiscountUses(database, transaction)
        self.crews = MemoryCrewCalendar(database, transaction)
        self.price_books = MemoryPriceBookRepository(database, transaction)
        self.outbox = MemoryOutbox(database, transaction)
        self.messages = MemoryMessageRepository(database, transaction)
        self.idempotency = MemoryIdempotencyRecords(database, transaction)
        self.provider_events = MemoryProviderEvents(database, transaction)
        self.staff_acts = MemoryStaffActs(database, transaction)
