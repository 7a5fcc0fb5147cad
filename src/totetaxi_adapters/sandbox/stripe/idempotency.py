"""Idempotency keys: the first answer is kept for a day and repeated."""

import hashlib
import json
from datetime import timedelta
from typing import Final

from psycopg.types.json import Jsonb

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.form import Form
from totetaxi_adapters.sandbox.stripe.refusal import Answer, key_in_use, key_reused

KEPT_S: Final = int(timedelta(hours=24).total_seconds())
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS sandbox.stripe_idempotency (
        key text PRIMARY KEY,
        fingerprint text NOT NULL,
        status integer NOT NULL,
        body jsonb NOT NULL,
        created bigint NOT NULL
    )""",
)


def fingerprint(path: str, form: Form) -> str:
    """Return what two calls of one key must have in common."""
    return hashlib.sha256(json.dumps([path, form], sort_keys=True).encode()).hexdigest()


async def recall(account: Account, key: str, print_: str) -> Answer | None:
    """Claim the key until commit; return the answer it already has.

    Raises:
        StripeRefusal: another call of this key is running, or had other parameters.
    """
    if not await _claim(account.connection, key):
        raise key_in_use(key)
    # A statement of its own: one snapshot with the claim could miss what was just committed.
    cursor = await account.connection.execute(
        """SELECT fingerprint, status, body FROM sandbox.stripe_idempotency
        WHERE key = %s AND created > %s""",
        (key, account.created - KEPT_S),
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    if row[0] != print_:
        raise key_reused(key)
    return Answer(row[1], row[2])


async def remember(account: Account, key: str, print_: str, answer: Answer) -> None:
    await account.connection.execute(
        """INSERT INTO sandbox.stripe_idempotency (key, fingerprint, status, body, created)
        VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint,
            status = excluded.status, body = excluded.body, created = excluded.created""",
        (key, print_, answer.status, Jsonb(answer.body), account.created),
    )


async def _claim(connection: Connection, key: str) -> bool:
    cursor = await connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtextextended('sandbox.stripe:' || %s, 0))", (key,)
    )
    row = await cursor.fetchone()
    return bool(row and row[0])
