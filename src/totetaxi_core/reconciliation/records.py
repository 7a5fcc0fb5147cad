"""Ports to what reconciliation reads of our records, and to the drifts it leaves to a person."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind


class BookingKey(NamedTuple):
    """Where a list goes on: the instant it is ordered by, and the booking's id."""

    at: datetime
    booking_id: UUID


class ReconciliationRecords(Protocol):
    """Read models by the page. Calls share the transaction of their unit of work."""

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[BookingRecord, ...]:
        """Return what we have on these bookings; those we do not have are left out."""
        ...

    async def bookings_of_intents(self, intent_ids: Collection[str]) -> frozenset[UUID]:
        """Return the bookings whose payments were attempted by these intents."""
        ...

    async def created(
        self,
        *,
        created_from: datetime,
        created_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        """Return the bookings made in `[created_from, created_until)`, oldest first."""
        ...

    async def updated(
        self,
        *,
        updated_from: datetime,
        updated_until: datetime,
        after: BookingKey | None,
        limit: int,
    ) -> tuple[BookingKey, ...]:
        """Return the bookings last changed in `[updated_from, updated_until)`, oldest first."""
        ...


class OpenDrifts(Protocol):
    """The drifts that the latest periodic look left to a person."""

    async def replace(
        self, drifts: Collection[Drift], *, kinds: Collection[DriftKind], at: datetime
    ) -> None:
        """Keep these and no others of the kinds; one that stays keeps when it was found first."""
        ...

    async def bookings(self) -> frozenset[UUID]:
        """Return the bookings that have an open drift."""
        ...

    async def counts(self) -> Mapping[DriftKind, int]:
        """Return how many are open of each kind that has any."""
        ...
