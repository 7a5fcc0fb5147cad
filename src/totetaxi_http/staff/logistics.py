"""Moving day for staff: at a glance, as the board of a day, and planned."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final, TypeAlias

import attrs
from litestar import Request, get

from totetaxi_core.logistics.dispatch_dashboard import (
    dispatch_board,
    dispatch_dashboard,
    today_of,
)
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.day_plan import DayPlanResponse
from totetaxi_http.schemas.dispatch_board import BoardResponse
from totetaxi_http.schemas.dispatch_dashboard import DispatchDashboardResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Whole
from totetaxi_http.wire.query import FromQueryClass, query_of

MOST_CREWS: Final = 99
TODAY: Final = {"description": "A day of New York; today, if not said."}

Asking = Request[Any, Any, Any]
Day: TypeAlias = date


@attrs.frozen(kw_only=True)
class BoardQuery:
    """Which day: that of the pickups."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"date": "2026-12-01"}

    date: Day | None = attrs.field(default=None, metadata=TODAY)


@attrs.frozen(kw_only=True)
class PlanQuery:
    """Which day, and how many crews drive: those of the day, if not said."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"date": "2026-12-01", "crews": "3"}

    date: Day | None = attrs.field(default=None, metadata=TODAY)
    crews: Annotated[int, Whole(minimum=1, maximum=MOST_CREWS)] | None = None


@get(
    "/logistics/dashboard",
    opt={PERMISSION: Permission.READ_BOOKINGS},
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def logistics_dashboard(request: Asking, state: ServiceState) -> DispatchDashboardResponse:
    """Show deliveries under way, today's tasks by status, what is late, failed or waits.

    Beside it: when tasks were last looked at, and whether the worker is alive.
    """
    seen = await dispatch_dashboard(staff_caller(request).ports, state.terms)
    return DispatchDashboardResponse.from_dashboard(seen)


@get(
    "/logistics/board",
    opt={PERMISSION: Permission.READ_BOOKINGS},
    dependencies={"asked": query_of(BoardQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def logistics_board(
    asked: FromQueryClass[BoardQuery], request: Asking, state: ServiceState
) -> BoardResponse:
    """Show a day's bookings with both legs: driver, times, tracking link, warnings and proof."""
    board = await dispatch_board(staff_caller(request).ports, state.terms, on=asked.date)
    return BoardResponse.from_board(board, public_url=state.terms.public_url)


@get(
    "/logistics/plan",
    opt={PERMISSION: Permission.DISPATCH, "rate_limit": "booking"},
    dependencies={"asked": query_of(PlanQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "planner_unavailable")),
)
async def logistics_plan(
    asked: FromQueryClass[PlanQuery], request: Asking, state: ServiceState
) -> DayPlanResponse:
    """Plan a day: which crew drives which booking, in which order, with which driving.

    It takes seconds, and nothing is stored.
    """
    ports, terms = staff_caller(request).ports, state.terms
    plan_on = asked.date or today_of(ports, terms)
    return DayPlanResponse.from_plan(await plan_day(plan_on, ports, terms, crews=asked.crews))
