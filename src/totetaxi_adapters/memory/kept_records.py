"""What is past its time, looked through row by row."""

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.erasure import NOBODY
from totetaxi_core.notifications.message import MessageState
from totetaxi_core.page import Place
from totetaxi_core.payments.dispute import DisputeStatus
from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.retention.retention_terms import PERSONS, Kept

Rows: TypeAlias = tuple[View[Any, Any], Callable[[Any], datetime | None]]

OVER = frozenset({BookingStatus.COMPLETED, BookingStatus.CANCELLED})
UNDER_WAY = frozenset({RefundStatus.REQUESTED, RefundStatus.APPROVED, RefundStatus.SENT})
ON_ITS_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})


class MemoryKeptRecords:
    """There is no queue here that keeps jobs, and no sandbox."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._bookings = View(database.bookings, transaction)
        self._entries = View(database.ledger_entries, transaction)
        self._refunds = View(database.refunds, transaction)
        self._disputes = View(database.disputes, transaction)
        self._attempts = View(database.attempts, transaction)
        self._rows: dict[Kept, Rows] = {
            Kept.MESSAGES: (
                View(database.messages, transaction),
                lambda row: None if row.state in ON_ITS_WAY else row.created_at,
            ),
            Kept.REFUSED_ADDRESSES: (
                View(database.refused_addresses, transaction),
                lambda row: row.refused_at,
            ),
            Kept.SESSIONS: (View(database.sessions, transaction), _expires_at),
            Kept.REGISTRATIONS: (View(database.registrations, transaction), _expires_at),
            Kept.PASSWORD_RESETS: (View(database.password_resets, transaction), _expires_at),
            Kept.IDEMPOTENCY_RECORDS: (
                View(database.idempotency, transaction),
                lambda row: row.created_at,
            ),
            Kept.PROVIDER_EVENTS: (
                View(database.provider_events, transaction),
                lambda row: row.received_at,
            ),
            Kept.WEBHOOK_DELIVERIES: (
                View(database.webhook_deliveries, transaction),
                lambda row: row.done_at,
            ),
        }

    async def count(self, kind: Kept, *, before: datetime) -> int:
        if kind in PERSONS:
            return len(list(self._past_bookings(kind, before)))
        return len(self._past_rows(kind, before))

    async def bookings(
        self, kind: Kept, *, before: datetime, after: Place | None, limit: int
    ) -> tuple[Place, ...]:
        places = sorted(Place.of(row) for row in self._past_bookings(kind, before))
        return tuple(place for place in places if after is None or place > after)[:limit]

    async def is_past(self, kind: Kept, booking_id: UUID, *, before: datetime) -> bool:
        return any(row.id == booking_id for row in self._past_bookings(kind, before))

    async def forget(self, kind: Kept, *, before: datetime, limit: int) -> int:
        past = self._past_rows(kind, before)[:limit]
        for key in past:
            self._rows[kind][0].remove(key)
        return len(past)

    def _past_rows(self, kind: Kept, before: datetime) -> list[Hashable]:
        if kind not in self._rows:
            return []
        rows, counted_from = self._rows[kind]
        since = ((key, counted_from(row)) for key, row in rows.items())
        return [key for key, at in since if at is not None and at < before]

    def _past_bookings(self, kind: Kept, before: datetime) -> Iterator[Booking]:
        is_past = self._is_past if kind is Kept.BOOKINGS else self._is_past_unpaid
        for row in self._bookings.all():
            if row.contact != NOBODY and is_past(row, before) and not self._is_live(row):
                yield row

    def _is_past(self, row: Booking, before: datetime) -> bool:
        ends = (row.completed_at, row.cancelled_at, row.pickup_at)
        entries = self._entries.where("booking", row.id)
        refunds = self._refunds.where("booking", row.id)
        disputes = self._disputes.where("booking", row.id)
        return (
            row.status in OVER
            and all(end < before for end in ends if end is not None)
            and all(entry.posted_at < before for entry in entries)
            and all(refund.status not in UNDER_WAY for refund in refunds)
            and not any(dispute.status is DisputeStatus.OPEN for dispute in disputes)
        )

    def _is_past_unpaid(self, row: Booking, before: datetime) -> bool:
        return (
            row.cancelled_at is not None
            and row.confirmed_at is None
            and row.cancelled_at < before
            and not self._entries.where("booking", row.id)
        )

    def _is_live(self, row: Booking) -> bool:
        attempts = self._attempts.where("booking", row.id)
        return any(attempt.state is AttemptState.LIVE for attempt in attempts)


def _expires_at(row: Any) -> datetime | None:  # noqa: ANN401  a session, registration or reset
    expires_at: datetime = row.expires_at
    return expires_at
