"""What the server says about its own sessions and tables."""

import asyncio
import time
from typing import Any

import psycopg

DEADLINE_S = 10
BLOCKED = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
OTHERS = """
    FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


def fetch(database_url: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


async def until_blocked(database_url: str, sessions: int = 1) -> None:
    """Return once so many sessions wait for a lock."""
    deadline = time.monotonic() + DEADLINE_S
    while fetch(database_url, BLOCKED) != [(sessions,)]:
        assert time.monotonic() < deadline, "nobody waits for a lock"
        await asyncio.sleep(0.01)


async def end_sessions(database_url: str) -> int:
    """End every other session as a shutdown would; return how many there were."""
    ended = fetch(database_url, f"SELECT pg_terminate_backend(pid) {OTHERS}")
    deadline = time.monotonic() + DEADLINE_S
    while fetch(database_url, f"SELECT count(*) {OTHERS}") != [(0,)]:
        assert time.monotonic() < deadline, "a session outlived its end"
        await asyncio.sleep(0.01)
    return len(ended)
