"""The desk at a glance."""

from typing import Any

from litestar import Request, get

from totetaxi_core.staff.dashboard import dashboard
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.dashboard import DashboardResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller


@get(
    "/dashboard",
    opt={PERMISSION: Permission.READ_BOOKINGS},
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def desk(request: Request[Any, Any, Any], state: ServiceState) -> DashboardResponse:
    """Show today's pickups, this week, what waits for somebody, and the money to those who may."""
    caller = staff_caller(request)
    seen = await dashboard(caller.ports, state.terms, seen_by=caller.account)
    return DashboardResponse.from_dashboard(seen)
