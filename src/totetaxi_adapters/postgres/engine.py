"""Connections to PostgreSQL."""

import select
from typing import Final

from psycopg import AsyncConnection
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from totetaxi_adapters.postgres.bounded_connection import KEEPALIVES, SLACK_S, BoundedConnection

DRIVER: Final = "postgresql+psycopg"


def driver_url(database_url: str) -> URL:
    """Return SQLAlchemy's form of a `postgresql://` URL, Unix sockets (`?host=/folder`) included.

    Raises:
        ValueError: it is no URL, or not one of PostgreSQL.
    """
    url = make_url(database_url)
    if url.drivername.partition("+")[0] not in {"postgresql", "postgres"}:
        raise ValueError("the database URL must begin with postgresql://")
    return url.set(drivername=DRIVER)


def libpq_url(database_url: str) -> str:
    """Return the form that psycopg and PostgreSQL's own programs read, the password in it.

    SQLAlchemy leaves spaces as they are, and makes them `+` in the query; libpq takes neither.
    """
    url = driver_url(database_url).set(drivername="postgresql")
    place, mark, query = url.render_as_string(hide_password=False).partition("?")
    return place.replace(" ", "%20") + mark + query.replace("+", "%20")


def open_engine(
    database_url: str,
    *,
    pool_size: int = 10,
    max_overflow: int = 0,
    pool_timeout_s: float = 5.0,
    connect_timeout_s: int = 5,
    statement_timeout_s: float = 30.0,
    application_name: str = "totetaxi",
    pooled: bool = False,
) -> AsyncEngine:
    """Return an engine; it connects when first used, and is to be disposed of at the end.

    Sessions are in UTC. A statement, its waiting for locks included, ends after
    `statement_timeout_s`; one left idle in a transaction loses its connection after twice that.
    A server that does not answer at all is given up two seconds later.

    `pooled` is for a pooler that hands out connections by the transaction: it takes no options, so
    that the limits must stand at the role, and knows nothing of prepared statements.
    """
    statement_ms = round(statement_timeout_s * 1000)
    url = driver_url(database_url)
    options = (
        *url.normalized_query.get("options", ()),
        f"-c statement_timeout={statement_ms}",
        f"-c idle_in_transaction_session_timeout={2 * statement_ms}",
    )
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=pool_timeout_s,
        hide_parameters=True,  # an error is logged; whose booking it was is not
        connect_args={
            "async_creator_fn": BoundedConnection.waiting(statement_timeout_s + SLACK_S).connect,
            "application_name": application_name,
            "connect_timeout": connect_timeout_s,
            **({"prepare_threshold": None} if pooled else {"options": " ".join(options)}),
            **KEEPALIVES,
        },
    )
    event.listen(engine.sync_engine, "connect", _set_utc)
    event.listen(engine.sync_engine, "checkout", _refuse_hung_up)
    return engine


def _set_utc(dbapi_connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set the session's zone by a statement: the variable PGTZ has the last word over options."""
    cursor = dbapi_connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    dbapi_connection.commit()


def _refuse_hung_up(
    dbapi_connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object
) -> None:
    """Drop a pooled connection whose server has gone, at no round trip.

    An idle connection with something to read has been told of its end, as a rule. All that were
    made before are suspect as well.
    """
    driver = entry.driver_connection
    if isinstance(driver, AsyncConnection) and _has_word(driver):
        raise InvalidatePoolError(f"the server closed {dbapi_connection}")


def _has_word(driver: AsyncConnection[object]) -> bool:
    if driver.closed:
        return True
    poll = select.poll()
    poll.register(driver.fileno(), select.POLLIN)
    return bool(poll.poll(0))
