"""The doctor's look at the database server: its version, and its clock beside ours."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned

OLDEST: Final = 15
"""The oldest PostgreSQL that all of it was run on."""
DRIFT: Final = timedelta(seconds=2)
BAD_DRIFT: Final = timedelta(seconds=30)
"""Leases and heartbeats of two machines no longer mean the same."""
ASK: Final = text(
    "SELECT current_setting('server_version'), current_setting('server_version_num')::int,"
    " clock_timestamp()"
)


async def check_server(engine: AsyncEngine) -> tuple[HealthCheck, HealthCheck]:
    """Ask for both at once.

    Raises:
        DatabaseUnavailableError: it does not answer.
    """
    with refusals():
        async with engine.connect() as connection:
            asked_at = datetime.now(UTC)
            version, number, at = (await connection.execute(ASK)).one()
            answered_at = datetime.now(UTC)
    between = asked_at + (answered_at - asked_at) / 2
    return judge_version(version, number), judge_clock(at - between)


def judge_version(version: str, number: int) -> HealthCheck:
    """Judge by `server_version_num`, such as 180006."""
    if number // 10_000 < OLDEST:
        return failed(
            "postgresql", f"version {version}", advice=f"move to PostgreSQL {OLDEST} or later"
        )
    return passed("postgresql", f"version {version}")


def judge_clock(ahead: timedelta) -> HealthCheck:
    """Judge by how far the server's clock is ahead of ours."""
    apart_s = ahead.total_seconds()
    message = f"{abs(apart_s):.1f} s {'behind' if apart_s > 0 else 'ahead of'} the database's"
    advice = "have both machines keep time by NTP"
    if abs(ahead) > BAD_DRIFT:
        return failed("clock", message, advice=advice)
    if abs(ahead) > DRIFT:
        return warned("clock", message, advice=advice)
    return passed("clock", "the same as the database's")
