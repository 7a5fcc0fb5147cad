"""The ports to what reconciliation reads, and to the drifts it leaves to a person."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import OpenDrift
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind
from totetaxi_core.reconciliation.records import BookingKey


class _Dated(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def created_at(self) -> datetime: ...


Dated = TypeVar("Dated", bound=_Dated)


class MemoryReconciliationRecords:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._bookings = View(database.bookings, transaction)
        self._payments = View(database.payments, transaction)
        self._attempts = View(database.attempts, transaction)
        self._refunds = View(database.refunds, transaction)
        self._disputes = View(database.disputes, transaction)
        self._entries = View(database.ledger_entries, transaction)
        self._code_uses = View(database.code_uses, transaction)

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[BookingRecord, ...]:
        """Return what we have on these bookings; those we do not have are left out."""
        found = (self._bookings.get(one) for one in booking_ids)
        return tuple(self._record(booking) for booking in found if booking is not None)

    async def bookings_of_intents(self, intent_ids: Collection[str]) -> frozenset[UUID]:
        """Return the bookings whose payments were attempted by these intents."""
        return frozenset(
            attempt.booking_id
            for intent_id in intent_ids
            for attempt in self._attempts.where("intent", intent_id)
        )

    async def created(
        self,
        *,
        created_from: datetime,
        created_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        """Return the bookings made in `[created_from, created_until)`, oldest first."""
        span = _Span(created_from, created_until, after)
        return self._listed(span, lambda booking: booking.created_at, limit=limit)

    async def updated(
        self,
        *,
        updated_from: datetime,
        updated_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        """Return the bookings last changed in `[updated_from, updated_until)`, oldest first."""
        span = _Span(updated_from, updated_until, after)
        return self._listed(span, lambda booking: booking.updated_at, limit=limit)

    def _listed(
        self, span: "_Span", instant_of: Callable[[Booking], datetime], *, limit: int
    ) -> tuple[BookingKey, ...]:
        keys = (BookingKey(instant_of(one), one.id) for one in self._bookings.all())
        return tuple(sorted(key for key in keys if span.has(key))[:limit])

    def _record(self, booking: Booking) -> BookingRecord:
        entries = self._entries.where("booking", booking.id)
        return BookingRecord(
            booking_id=booking.id,
            booking_number=booking.booking_number,
            status=booking.status,
            cancellation_reason=booking.cancellation_reason,
            total_cents=booking.total_cents,
            price_book_version=booking.quote.price_book_version,
            pickup_at=booking.pickup_at,
            cancelled_at=booking.cancelled_at,
            payments=_by_age(self._payments.where("booking", booking.id)),
            attempts=_by_age(self._attempts.where("booking", booking.id)),
            refunds=_by_age(self._refunds.where("booking", booking.id)),
            disputes=_by_age(self._disputes.where("booking", booking.id)),
            ledger_stripe_cents=total_in(Account.STRIPE, entries),
            ledger_causes=frozenset(entry.cause for entry in entries),
            has_code_use=self._code_uses.get(booking.id) is not None,
        )


class _Span(NamedTuple):
    begin: datetime
    until: datetime
    after: BookingKey | None

    def has(self, key: BookingKey) -> bool:
        is_next = self.after is None or key > self.after
        return self.begin <= key.at < self.until and is_next


def _by_age(rows: list[Dated]) -> tuple[Dated, ...]:
    return tuple(sorted(rows, key=lambda row: (row.created_at, row.id)))


class MemoryOpenDrifts:
    """The drifts that the latest periodic look left to a person."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.open_drifts, transaction)

    async def replace(
        self, drifts: Collection[Drift], *, kinds: Collection[DriftKind], at: datetime
    ) -> None:
        """Keep these and no others of the kinds; one that stays keeps when it was found first."""
        await self._transaction.lock("open drifts")
        by_key = {drift.key: drift for drift in drifts}
        for row in tuple(self._rows.all()):
            if row.drift.kind in kinds and row.drift.key not in by_key:
                self._rows.remove(row.drift.key)
        for key, drift in by_key.items():
            known = self._rows.get(key)
            self._rows.put(key, OpenDrift(drift, found_at=known.found_at if known else at))

    async def bookings(self) -> frozenset[UUID]:
        """Return the bookings that have an open drift."""
        found = (row.drift.booking_id for row in self._rows.all())
        return frozenset(booking_id for booking_id in found if booking_id is not None)

    async def counts(self) -> Mapping[DriftKind, int]:
        """Return how many are open of each kind that has any."""
        return Counter(row.drift.kind for row in self._rows.all())
