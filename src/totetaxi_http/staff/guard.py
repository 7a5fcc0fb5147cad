"""Who calls, by their access token, and whether they may: before anything else of the request.

A handler behind `staff_only` names what it needs with `opt={"permission": Permission.X}`; None
lets in every member of staff.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.handlers import BaseRouteHandler

from totetaxi_core.ports import Ports
from totetaxi_core.staff.acting import acting
from totetaxi_core.staff.log_in_staff import SignedIn, authenticate_staff
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.permission import Permission, may
from totetaxi_core.staff.require_permission import require_permission
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_http.bearer import BEARER, Connection, bearer_token, is_question
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.rate_limit import DEFAULT

PERMISSION: Final = "permission"
OR_PERMISSION: Final = "or_permission"
"""In `opt`, another permission that lets in too; the handler then asks for the one it takes."""
TAKES_PERMISSION: Final = "takes_permission"
"""Where in a request's state such a handler says which one that is."""
ABOUT_BOOKING: Final = "about_booking"
"""Where in a request's state a handler says which booking its body is about."""
SECURITY: Final = BEARER
REFUSALS: Final = ("invalid_token", "wrong_audience", "permission_denied", "database_unavailable")
"""What every handler behind the guard may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCaller:
    """Who calls; the acts done with these ports say from where."""

    account: StaffAccount
    session_id: UUID
    ports: Ports

    @property
    def signed_in(self) -> SignedIn:
        return SignedIn(account=self.account, session_id=self.session_id)


async def staff_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in whoever is logged in as staff and has the handler's permission.

    Raises:
        InvalidTokenError: nobody is.
        WrongAudienceError: a customer is.
        RateLimitedError: this account calls too often.
        PermissionDeniedError: they may not; that is on record.
    """
    if is_question(connection):
        return
    state = ServiceState(connection.app.state)
    signed_in = await authenticate_staff(bearer_token(connection), state.ports, state.credentials)
    account = signed_in.account
    await state.rate_limits.hit(
        handler.opt.get("rate_limit", DEFAULT), caller=f"account:staff:{account.id}"
    )
    ports = acting(state.ports, origin_of(connection, staff_id=account.id))
    needed: Permission | None = handler.opt[PERMISSION]
    other: Permission | None = handler.opt.get(OR_PERMISSION)
    if needed is not None and not (other is not None and may(account, other)):
        subject = subject_of(connection.path_params)
        await require_permission(account, needed, ports, subject=subject)
    connection.state.staff_caller = StaffCaller(
        account=account, session_id=signed_in.session_id, ports=ports
    )


def staff_caller(request: Request[Any, Any, Any]) -> StaffCaller:
    """Return whom the guard let in."""
    caller: StaffCaller = request.state.staff_caller
    return caller


def subject_of(path_values: Mapping[str, object]) -> str | None:
    """Return what a path is about, such as `customer:<id>`; None where it names nothing."""
    named = [f"{name.removesuffix('_id')}:{value}" for name, value in path_values.items()]
    return " ".join(named) or None


def origin_of(connection: Connection, *, staff_id: UUID | None = None) -> Origin:
    client = connection.client
    return Origin(
        channel=Channel.HTTP,
        staff_id=staff_id,
        ip_address=None if client is None else client.host,
        user_agent=connection.headers.get("user-agent", ""),
    )
