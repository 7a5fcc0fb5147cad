"""Everything below /api/staff."""

from litestar import Router

from totetaxi_http.staff.actions import actions
from totetaxi_http.staff.bookings import bookings
from totetaxi_http.staff.guard import staff_only
from totetaxi_http.staff.refunds import approve, refund_request, refunds, reject
from totetaxi_http.staff.session import login, logout, profile, refresh


def staff_router() -> Router:
    """Return the handlers of staff; all but logging in are behind the guard."""
    guarded = Router(
        path="/",
        guards=[staff_only],
        route_handlers=[
            logout,
            profile,
            bookings,
            actions,
            refunds,
            refund_request,
            approve,
            reject,
        ],
    )
    return Router(path="/api/staff", tags=["staff"], route_handlers=[login, refresh, guarded])
