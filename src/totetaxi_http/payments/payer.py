"""Who may handle a booking's payment: its manage token, its owner's login, or staff."""

from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.handlers import BaseRouteHandler

from totetaxi_core.accounts.access_token import Audience
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.payments.handled_by_staff import handled_by_staff
from totetaxi_core.ports import Ports
from totetaxi_http.bearer import BEARER, Connection, bearer_token, is_question
from totetaxi_http.customer.guard import CustomerCaller, customer_only
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.manage_token import HEADER, manage_token_of
from totetaxi_http.manage_token import SECURITY as MANAGE_TOKEN
from totetaxi_http.staff.guard import ABOUT_BOOKING, StaffCaller, staff_only

SECURITY: Final = [*MANAGE_TOKEN, *BEARER]
REFUSALS: Final = (
    "invalid_manage_token",
    "invalid_token",
    "permission_denied",
    "booking_not_found",
    "database_unavailable",
)
"""What every handler behind the guard may answer."""


async def payer_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Find out who is logged in, if anybody and if there is no manage token.

    Raises:
        InvalidTokenError: nobody is, by this token.
        RateLimitedError: this account calls too often.
        PermissionDeniedError: a member of staff who may not; that is on record.
    """
    headers = connection.headers
    if is_question(connection) or HEADER in headers or "authorization" not in headers:
        return
    state = ServiceState(connection.app.state)
    claims = state.credentials.access_tokens.read(bearer_token(connection), at=state.ports.clock())
    guard = staff_only if claims.audience is Audience.STAFF else customer_only
    await guard(connection, handler)


async def ports_of_payer(
    booking_id: UUID, request: Request[Any, Any, Any], state: ServiceState, *, what: str
) -> Ports:
    """Return the ports to handle the payment with; `what` goes on record for staff.

    Raises:
        ManageTokenError: nobody is logged in, and the manage token is not this booking's.
        BookingNotFoundError: no such booking is the customer's, or none exists at all.
    """
    staff: StaffCaller | None = request.state.get("staff_caller")
    customer: CustomerCaller | None = request.state.get("customer_caller")
    if staff is not None:
        request.state[ABOUT_BOOKING] = booking_id
        await handled_by_staff(booking_id, staff.account, staff.ports, what=what)
        return staff.ports
    if customer is None:
        state.terms.manage_tokens.check(manage_token_of(request), booking_id)
        return state.ports
    async with state.ports.unit_of_work() as uow:
        await booking_of_customer(booking_id, customer.customer.id, uow)
    return state.ports
