"""Everything a Stripe account holds, seen from inside one transaction."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import attrs
from psycopg.types.json import Jsonb

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.stripe.events import EVENTS, event_of
from totetaxi_adapters.sandbox.stripe.refusal import Json, missing

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS sandbox.stripe_objects (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        id text PRIMARY KEY,
        kind text NOT NULL,
        parent text,
        created bigint NOT NULL,
        due_at timestamptz,
        body jsonb NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS stripe_objects_kind ON sandbox.stripe_objects (kind, seq)",
    "CREATE INDEX IF NOT EXISTS stripe_objects_parent ON sandbox.stripe_objects (parent, kind)",
    """CREATE INDEX IF NOT EXISTS stripe_objects_open_sessions
        ON sandbox.stripe_objects (((body->>'expires_at')::bigint))
        WHERE kind = 'checkout.session' AND body->>'status' = 'open'""",
    """CREATE INDEX IF NOT EXISTS stripe_objects_of_customer
        ON sandbox.stripe_objects ((body->>'customer'), seq) WHERE kind = 'payment_method'""",
    """CREATE INDEX IF NOT EXISTS stripe_objects_due ON sandbox.stripe_objects (due_at)
        WHERE due_at IS NOT NULL""",
)


@attrs.frozen(kw_only=True)
class Page:
    """Which objects a list call asks for: newest first, `created` in `[since, until)`."""

    size: int
    since: int
    until: int
    after: str | None
    parent: str | None = None
    customer: str | None = None


@attrs.frozen(kw_only=True)
class Account:
    """One transaction's view. `now` is by the account's clock; bodies are Stripe's JSON objects."""

    connection: Connection
    now: datetime
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def created(self) -> int:
        """Now, in whole Unix seconds, as Stripe dates its objects."""
        return int(self.now.timestamp())

    async def find(self, kind: str, object_id: str, *, param: str, lock: bool = False) -> Json:
        """Return the object; `lock` keeps other writers out until commit.

        Raises:
            StripeRefusal: there is none; it blames `param`.
        """
        if "\0" in object_id:  # PostgreSQL has no such text
            raise missing(kind, object_id, param=param)
        query = "SELECT body FROM sandbox.stripe_objects WHERE id = %s AND kind = %s"
        cursor = await self.connection.execute(
            f"{query} FOR UPDATE" if lock else query, (object_id, kind)
        )
        row = await cursor.fetchone()
        if row is None:
            raise missing(kind, object_id, param=param)
        body: Json = row[0]
        return body

    async def find_all(self, ids: Iterable[str]) -> dict[str, Json]:
        cursor = await self.connection.execute(
            "SELECT id, body FROM sandbox.stripe_objects WHERE id = ANY(%s)", (list(ids),)
        )
        return {row[0]: row[1] for row in await cursor.fetchall()}

    async def parent_of(self, object_id: str) -> str | None:
        """Return what the object was filed under."""
        cursor = await self.connection.execute(
            "SELECT parent FROM sandbox.stripe_objects WHERE id = %s", (object_id,)
        )
        row = await cursor.fetchone()
        return row[0] if row else None

    async def page(self, kind: str, page: Page) -> tuple[list[Json], bool]:
        """Return the objects, and whether more follow."""
        cursor = await self.connection.execute(
            """SELECT body FROM sandbox.stripe_objects
            WHERE kind = %(kind)s AND created >= %(since)s AND created < %(until)s
                AND (%(parent)s::text IS NULL OR parent = %(parent)s)
                AND (%(customer)s::text IS NULL OR body->>'customer' = %(customer)s)
                AND (%(after)s::text IS NULL OR seq < (
                    SELECT seq FROM sandbox.stripe_objects WHERE id = %(after)s))
            ORDER BY seq DESC LIMIT %(size)s + 1""",
            attrs.asdict(page) | {"kind": kind},
        )
        bodies = [row[0] for row in await cursor.fetchall()]
        return bodies[: page.size], len(bodies) > page.size

    async def add(
        self, body: Json, *, parent: str | None = None, due_in_s: float | None = None
    ) -> None:
        """File a new object; after `due_in_s` of real time it moves on by itself."""
        await self.connection.execute(
            """INSERT INTO sandbox.stripe_objects (id, kind, parent, created, due_at, body)
            VALUES (%s, %s, %s, %s, clock_timestamp() + %s * interval '1 second', %s)""",
            (body["id"], body["object"], parent, body["created"], due_in_s, Jsonb(body)),
        )

    async def save(self, body: Json) -> None:
        """Store the object as it now stands; whatever it was waiting for is over."""
        await self.connection.execute(
            "UPDATE sandbox.stripe_objects SET body = %s, due_at = NULL WHERE id = %s",
            (Jsonb(body), body["id"]),
        )

    async def emit(self, kind: str, subject: Json, *, previous: Json | None = None) -> None:
        """Owe the webhook an event with the subject as it is now, and what `previous` was else."""
        request = {"id": self.request_id, "idempotency_key": self.idempotency_key}
        data = {"object": subject} | ({"previous_attributes": previous} if previous else {})
        event = event_of(kind, data, created=self.created, request=request)
        await EVENTS.add(self.connection, kind, json.dumps(event), event_id=event["id"])
