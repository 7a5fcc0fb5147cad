"""The events owed to webhooks. A row waits until a sender has been answered as it must be."""

from typing import Final, LiteralString

import attrs
from psycopg import sql

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.faults import FaultPlan

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0


@attrs.frozen
class OwedEvent:
    """A locked row of the queue; `copies` is how often a fault wants it sent.

    `url` is the webhook that asked for it, None where it goes to the service beside us.
    """

    seq: int
    body: str
    copies: int
    attempts: int
    url: str | None


class WebhookQueue:
    """The queue of one provider, in the table `sandbox.<provider>_events`."""

    def __init__(self, provider: str, plan: FaultPlan) -> None:
        table = f"sandbox.{provider}_events"
        self.tables: Final = (
            f"""CREATE TABLE IF NOT EXISTS {table} (
                seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                id text NOT NULL UNIQUE,
                body text NOT NULL,
                copies integer NOT NULL,
                attempts integer NOT NULL DEFAULT 0,
                due_at timestamptz NOT NULL,
                delivered_at timestamptz
            )""",
            # Looked up first: ALTER TABLE alone would wait for the events under way.
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = '{table}'::regclass AND attname = 'url') THEN
                    ALTER TABLE {table} ADD COLUMN url text;
                END IF;
            END $$""",
            f"""CREATE INDEX IF NOT EXISTS {provider}_events_due ON {table} (due_at, seq)
                WHERE delivered_at IS NULL""",
        )
        self._plan = plan
        self._table = sql.Identifier("sandbox", f"{provider}_events")

    async def add(
        self, connection: Connection, kind: str, body: str, *, event_id: str, url: str | None = None
    ) -> None:
        """Owe one event.

        A webhook fault that matches its kind decides when and how often it goes.
        """
        delivery = await self._plan.take_delivery(connection, kind)
        await connection.execute(
            self._about(
                """INSERT INTO {events} (id, body, copies, url, due_at)
                VALUES (%s, %s, %s, %s, CASE WHEN %s THEN 'infinity'
                    ELSE clock_timestamp() + %s * interval '1 second' END)"""
            ),
            (event_id, body, delivery.copies, url, delivery.held, delivery.delay_s),
        )

    async def next_due(self, connection: Connection, *, with_own: bool) -> OwedEvent | None:
        """Lock the event that is due the longest and that no other sender holds.

        Those for the service beside us only `with_own`.
        """
        cursor = await connection.execute(
            self._about(
                """SELECT seq, body, copies, attempts, url FROM {events}
                WHERE delivered_at IS NULL AND due_at <= clock_timestamp()
                    AND (%s OR url IS NOT NULL)
                ORDER BY due_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED"""
            ),
            (with_own,),
        )
        row = await cursor.fetchone()
        return OwedEvent(*row) if row else None

    async def mark_delivered(self, connection: Connection, event: OwedEvent) -> None:
        """Take the event off the queue, also where it is given up."""
        await connection.execute(
            self._about(
                """UPDATE {events}
                SET delivered_at = clock_timestamp(), attempts = attempts + 1 WHERE seq = %s"""
            ),
            (event.seq,),
        )

    async def postpone(self, connection: Connection, event: OwedEvent) -> None:
        """Try again later, each time after twice the pause."""
        pause_s = min(FIRST_PAUSE_S * 2 ** min(event.attempts, 10), LONGEST_PAUSE_S)
        await connection.execute(
            self._about(
                """UPDATE {events} SET attempts = attempts + 1,
                due_at = clock_timestamp() + %s * interval '1 second' WHERE seq = %s"""
            ),
            (pause_s, event.seq),
        )

    async def hurry(self, connection: Connection) -> None:
        """Make every postponed event due now: a new sender starts without old pauses."""
        await connection.execute(
            self._about(
                """UPDATE {events} SET due_at = clock_timestamp()
                WHERE seq IN (SELECT seq FROM {events}
                    WHERE delivered_at IS NULL AND attempts > 0 AND due_at < 'infinity'
                    FOR UPDATE SKIP LOCKED)"""
            )
        )

    async def release_held(self, connection: Connection) -> None:
        await connection.execute(
            self._about(
                """UPDATE {events} SET due_at = clock_timestamp()
                WHERE delivered_at IS NULL AND due_at = 'infinity'"""
            )
        )

    def _about(self, query: LiteralString) -> sql.Composed:
        return sql.SQL(query).format(events=self._table)
