"""What is past its time, found and removed by plain statements."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, text

from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.retention.retention_terms import Kept

# Found by the index on (`created_at`, `id`): none ends before it was made.
BOOKINGS: Final[Mapping[Kept, str]] = {
    Kept.BOOKINGS: """
        status IN ('completed', 'cancelled') AND contact_email <> '' AND deleted_at IS NULL
        AND created_at < :before AND greatest(completed_at, cancelled_at, pickup_at) < :before
        AND NOT EXISTS (SELECT FROM ledger_entries
            WHERE booking_id = bookings.id AND posted_at >= :before)
        AND NOT EXISTS (SELECT FROM refunds
            WHERE booking_id = bookings.id AND status IN ('requested', 'approved', 'sent'))
        AND NOT EXISTS (SELECT FROM disputes
            WHERE booking_id = bookings.id AND status = 'open')
        AND NOT EXISTS (SELECT FROM payment_attempts
            WHERE booking_id = bookings.id AND state = 'live')
    """,
    Kept.UNPAID_BOOKINGS: """
        status = 'cancelled' AND confirmed_at IS NULL AND contact_email <> ''
        AND deleted_at IS NULL AND created_at < :before AND cancelled_at < :before
        AND NOT EXISTS (SELECT FROM ledger_entries WHERE booking_id = bookings.id)
        AND NOT EXISTS (SELECT FROM payment_attempts
            WHERE booking_id = bookings.id AND state = 'live')
    """,
}
# A table, and which of its rows. What is on its way is never past its time.
ROWS: Final[Mapping[Kept, tuple[tuple[str, str], ...]]] = {
    Kept.MESSAGES: (("messages", "created_at < :before AND state NOT IN ('queued', 'sending')"),),
    Kept.REFUSED_ADDRESSES: (("refused_addresses", "refused_at < :before"),),
    Kept.SESSIONS: (("sessions", "expires_at < :before"),),
    Kept.REGISTRATIONS: (("registrations", "expires_at < :before"),),
    Kept.PASSWORD_RESETS: (("password_resets", "expires_at < :before"),),
    Kept.IDEMPOTENCY_RECORDS: (("idempotency_records", "created_at < :before"),),
    Kept.PROVIDER_EVENTS: (("provider_events", "received_at < :before"),),
    Kept.SANDBOX_EVENTS: (
        ("sandbox.stripe_events", "delivered_at < :before"),
        ("sandbox.onfleet_events", "delivered_at < :before"),
    ),
    Kept.WEBHOOK_DELIVERIES: (("webhook_deliveries", "done_at < :before"),),
    Kept.JOBS: (
        (
            "procrastinate_jobs",
            """status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND NOT EXISTS (
                SELECT FROM procrastinate_events
                WHERE job_id = procrastinate_jobs.id AND at >= :before)""",
        ),
    ),
}
IS_THERE: Final = text("SELECT to_regclass(:name) IS NOT NULL")
BEFORE: Final = bindparam("before", type_=INSTANT)
LIMIT: Final = bindparam("limit", type_=Integer)


class PostgresKeptRecords:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def count(self, kind: Kept, *, before: datetime) -> int:
        if kind in BOOKINGS:
            return await self._count("bookings", BOOKINGS[kind], before)
        tables = [each for each in ROWS[kind] if await self._is_there(each[0])]
        return sum([await self._count(table, which, before) for table, which in tables])

    async def bookings(
        self, kind: Kept, *, before: datetime, after: Place | None, limit: int
    ) -> tuple[Place, ...]:
        parameters: dict[str, object] = {"before": before, "limit": limit}
        further = ""
        if after is not None:
            further = "AND (created_at, id) > (:made_at, :of_id)"
            parameters |= {"made_at": after.created_at, "of_id": after.id}
        statement = text(
            f"SELECT created_at, id FROM bookings WHERE {BOOKINGS[kind]} {further}"  # noqa: S608
            " ORDER BY created_at, id LIMIT :limit"
        ).bindparams(BEFORE, LIMIT)
        if after is not None:
            statement = statement.bindparams(
                bindparam("made_at", type_=INSTANT), bindparam("of_id", type_=Uuid)
            )
        found = await self._transaction.execute(statement, parameters)
        return tuple(Place(row.created_at, row.id) for row in found)

    async def is_past(self, kind: Kept, booking_id: UUID, *, before: datetime) -> bool:
        statement = text(
            f"SELECT EXISTS (SELECT FROM bookings WHERE id = :of_id AND {BOOKINGS[kind]})"  # noqa: S608  our own words
        ).bindparams(BEFORE, bindparam("of_id", type_=Uuid))
        parameters = {"before": before, "of_id": booking_id}
        return bool((await self._transaction.execute(statement, parameters)).scalar_one())

    async def forget(self, kind: Kept, *, before: datetime, limit: int) -> int:
        gone = 0
        for table, which in ROWS[kind]:
            if not await self._is_there(table):
                continue  # the sandbox's, where there was never one
            statement = text(
                f"DELETE FROM {table} WHERE ctid = ANY (ARRAY("  # noqa: S608  our own words
                f"SELECT ctid FROM {table} WHERE {which} LIMIT :limit FOR UPDATE SKIP LOCKED))"
            ).bindparams(BEFORE, LIMIT)
            parameters = {"before": before, "limit": limit - gone}
            gone += (await self._transaction.execute(statement, parameters)).rowcount
        return gone

    async def _count(self, table: str, which: str, before: datetime) -> int:
        statement = text(f"SELECT count(*) FROM {table} WHERE {which}")  # noqa: S608  our own words
        found = await self._transaction.execute(statement.bindparams(BEFORE), {"before": before})
        return int(found.scalar_one())

    async def _is_there(self, table: str) -> bool:
        found = await self._transaction.execute(IS_THERE, {"name": table})
        return bool(found.scalar_one())
