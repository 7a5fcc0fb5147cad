"""Moving day at a glance: what is under way, what went wrong, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from totetaxi_core.business_day import day_begins_at
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.dispatch_desk import BoardEntry, CourierBacklog, FoundTask
from totetaxi_core.ports import Ports, Terms

MOST_LISTED: Final = 50
LOOKED_BACK: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchDashboard:
    """`today` counts every status but `deleted`, of tasks whose window starts on that day.

    The lists have at most 50 tasks each, the first due first; `failed` are those of the last
    30 days whose bookings are not over. Instants are in UTC, days New York's.
    """

    seen_at: datetime
    today_on: date
    today: Mapping[CourierTaskStatus, int]
    under_way: tuple[FoundTask, ...]
    late: tuple[FoundTask, ...]
    failed: tuple[FoundTask, ...]
    backlog: CourierBacklog


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A day's bookings, as they stood at `seen_at`."""

    board_on: date
    seen_at: datetime
    entries: tuple[BoardEntry, ...]


async def dispatch_dashboard(ports: Ports, terms: Terms) -> DispatchDashboard:
    """Return the desk of dispatch as it stands."""
    now = ports.clock()
    today = today_of(ports, terms)
    async with ports.unit_of_work() as uow:
        desk = uow.dispatch_desk
        counts = await desk.by_status(
            starts_from=day_begins_at(today, terms.zone),
            starts_before=day_begins_at(today + timedelta(days=1), terms.zone),
        )
        return DispatchDashboard(
            seen_at=now,
            today_on=today,
            today={
                status: counts.get(status, 0)
                for status in CourierTaskStatus
                if status is not CourierTaskStatus.DELETED
            },
            under_way=await desk.under_way(limit=MOST_LISTED),
            late=await desk.late(at=now, limit=MOST_LISTED),
            failed=await desk.failed(since=now - LOOKED_BACK, limit=MOST_LISTED),
            backlog=await desk.backlog(),
        )


async def dispatch_board(ports: Ports, terms: Terms, *, on: date | None = None) -> Board:
    """Return the board of a day of the business, today's if not said."""
    board_on = on or today_of(ports, terms)
    async with ports.unit_of_work() as uow:
        entries = await uow.dispatch_desk.board(board_on)
    return Board(board_on=board_on, seen_at=ports.clock(), entries=entries)


def today_of(ports: Ports, terms: Terms) -> date:
    """Return the day it is in New York."""
    return ports.clock().astimezone(terms.zone).date()
