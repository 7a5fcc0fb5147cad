"""Everything an Onfleet organization holds, seen from inside one transaction."""

from datetime import datetime
from typing import Any, Final

import attrs
from psycopg.types.json import Jsonb

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.onfleet.refusal import Json, missing

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS sandbox.onfleet_objects (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        id text PRIMARY KEY,
        kind text NOT NULL,
        due_at timestamptz,
        body jsonb NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS onfleet_objects_kind ON sandbox.onfleet_objects (kind, seq)",
    """CREATE INDEX IF NOT EXISTS onfleet_objects_due ON sandbox.onfleet_objects (due_at)
        WHERE due_at IS NOT NULL""",
    """CREATE INDEX IF NOT EXISTS onfleet_objects_metadata ON sandbox.onfleet_objects
        USING gin ((body->'metadata') jsonb_path_ops) WHERE kind = 'task'""",
    """CREATE INDEX IF NOT EXISTS onfleet_objects_short_id ON sandbox.onfleet_objects
        ((body->>'shortId')) WHERE kind = 'task'""",
    """CREATE UNIQUE INDEX IF NOT EXISTS onfleet_objects_phone ON sandbox.onfleet_objects
        ((body->>'phone')) WHERE kind = 'recipient'""",
)
API: Final = {"type": "API", "id": "Qe7*yV2bNk~4wPz0TrMx9LsA"}


@attrs.frozen(kw_only=True)
class Organization:
    """One transaction's view. `now` is by the organization's clock; bodies are JSON objects.

    `pages_url` is where its pages are reached, and `actor` who acts.
    """

    connection: Connection
    now: datetime
    pages_url: str
    actor: Json = API

    @property
    def now_ms(self) -> int:
        return int(self.now.timestamp() * 1_000)

    async def find(self, kind: str, object_id: str, *, lock: bool = False) -> Json:
        """Return the object; `lock` keeps other writers out until commit.

        Raises:
            OnfleetRefusal: there is none.
        """
        query = "SELECT body FROM sandbox.onfleet_objects WHERE id = %s AND kind = %s"
        cursor = await self.connection.execute(
            f"{query} FOR UPDATE" if lock else query, (object_id, kind)
        )
        row = await cursor.fetchone()
        if row is None:
            raise missing(f"No {kind} has the id {object_id}")
        body: Json = row[0]
        return body

    async def select(self, kind: str, condition: str = "true", *values: Any) -> list[Json]:  # noqa: ANN401  what psycopg takes
        """Return the objects for which an SQL condition holds, the oldest first."""
        query = "SELECT body FROM sandbox.onfleet_objects WHERE kind = %s AND "
        cursor = await self.connection.execute(
            f"{query}({condition}) ORDER BY seq".encode(), (kind, *values)
        )
        return [row[0] for row in await cursor.fetchall()]

    async def add(self, kind: str, body: Json) -> None:
        await self.connection.execute(
            "INSERT INTO sandbox.onfleet_objects (id, kind, body) VALUES (%s, %s, %s)",
            (body["id"], kind, Jsonb(body)),
        )

    async def save(self, body: Json) -> None:
        """Store the object as it now stands."""
        await self.connection.execute(
            "UPDATE sandbox.onfleet_objects SET body = %s WHERE id = %s", (Jsonb(body), body["id"])
        )

    async def remove(self, kind: str, object_id: str) -> None:
        """Delete the object; its place in lists stays, for those who are paging through them."""
        await self.connection.execute(
            "UPDATE sandbox.onfleet_objects SET kind = %s, due_at = NULL WHERE id = %s",
            (f"deleted {kind}", object_id),
        )

    async def wake(self, object_id: str, *, in_s: float | None) -> None:
        """Let the object move on by itself after so much real time; None ends that."""
        await self.connection.execute(
            """UPDATE sandbox.onfleet_objects
            SET due_at = clock_timestamp() + %s * interval '1 second' WHERE id = %s""",
            (in_s, object_id),
        )

    async def next_due(self) -> Json | None:
        """Lock the task whose time came first."""
        cursor = await self.connection.execute(
            """SELECT body FROM sandbox.onfleet_objects
            WHERE due_at <= clock_timestamp() AND kind = 'task'
            ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED"""
        )
        row = await cursor.fetchone()
        return row[0] if row else None
