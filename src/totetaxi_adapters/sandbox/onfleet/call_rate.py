"""How many calls an organization may make in any second, whichever process asks."""

from typing import Final

from totetaxi_adapters.sandbox.database import Connection

WINDOW_S: Final = 1.0
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS sandbox.onfleet_rate (
        id integer PRIMARY KEY CHECK (id = 1),
        calls double precision[] NOT NULL
    )""",
    "INSERT INTO sandbox.onfleet_rate (id, calls) VALUES (1, '{}') ON CONFLICT (id) DO NOTHING",
)


async def calls_left(connection: Connection, *, allowed: int) -> int | None:
    """Count a call and return how many more may follow at once; None when it is one too many."""
    cursor = await connection.execute(
        """SELECT calls, extract(epoch FROM clock_timestamp())::double precision
        FROM sandbox.onfleet_rate FOR UPDATE"""
    )
    row = await cursor.fetchone()
    calls, now = row or ([], 0.0)
    recent = [at for at in calls if at > now - WINDOW_S]
    if len(recent) >= allowed:
        return None
    await connection.execute("UPDATE sandbox.onfleet_rate SET calls = %s", ([*recent, now],))
    return allowed - len(recent) - 1
