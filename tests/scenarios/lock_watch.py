"""How long a migration keeps others out of tables, and how long anybody waits for one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

EVERY_S: Final = 0.01
PATIENCE_S: Final = 30
MIGRATIONS: Final = "totetaxi-migrations"
LOCKS: Final = """
    SELECT pid, virtualtransaction, relname, mode, granted,
        coalesce(extract(epoch FROM clock_timestamp() - waitstart), 0)::float,
        extract(epoch FROM clock_timestamp())::float
    FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_class ON pg_class.oid = relation
    WHERE locktype = 'relation'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND CASE WHEN granted THEN application_name = %(migrations)s AND mode IN
        ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        ELSE application_name <> %(migrations)s END
"""
Lock = tuple[int, str, str, str]


class LockWatch:
    """What was seen: `held_s` by migrations against writers, `waited_s` by all others.

    By the server's clock: how late the one who looks is on a busy machine is not in it.
    """

    def __init__(self) -> None:
        self._first_seen: dict[Lock, float] = {}
        self.held_s: dict[Lock, float] = {}
        self.waited_s: dict[Lock, float] = {}

    def look(self, connection: psycopg.Connection) -> None:
        rows = connection.execute(LOCKS, {"migrations": MIGRATIONS}).fetchall()
        for *lock, is_granted, waited_s, seen_at in rows:
            key: Lock = tuple(lock)
            if is_granted:
                first = self._first_seen.setdefault(key, seen_at)
                self.held_s[key] = seen_at - first
            else:
                self.waited_s[key] = max(waited_s, self.waited_s.get(key, 0))


@contextmanager
def lock_watch(database_url: str) -> Iterator[LockWatch]:
    """Look many times a second, in a thread, until left."""
    watch, is_over = LockWatch(), threading.Event()

    def keep_looking() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            while not is_over.wait(EVERY_S):
                watch.look(connection)

    looking = threading.Thread(target=keep_looking)
    looking.start()
    try:
        yield watch
    finally:
        is_over.set()
        looking.join(PATIENCE_S)
