"""What the business refused a member of staff goes on record: the one place for all handlers."""

from uuid import UUID

import structlog
from litestar.types import Scope

from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.record_refusal import RefusedAct, record_refusal
from totetaxi_core.unit_of_work import DatabaseUnavailableError
from totetaxi_http.rate_limit import RateLimitedError
from totetaxi_http.staff.guard import (
    ABOUT_BOOKING,
    PERMISSION,
    TAKES_PERMISSION,
    StaffCaller,
    subject_of,
)

OWN_ACCOUNT = "own_account"
_LOG = structlog.get_logger(__name__)


async def record_refused_act(error: Exception, scope: Scope) -> None:
    """Record it if somebody was let in; a database that is down does not hide the refusal."""
    caller: StaffCaller | None = scope["state"].get("staff_caller")
    if caller is None or not isinstance(error, DomainError) or isinstance(error, RateLimitedError):
        return
    try:
        await record_refusal(error, _tried(caller, scope), caller.ports)
    except DatabaseUnavailableError as failure:
        _LOG.warning("refusal_not_recorded", code=failure.code, refusal=error.code)


def _tried(caller: StaffCaller, scope: Scope) -> RefusedAct:
    values = scope["path_params"]
    about = values.get("booking_id", scope["state"].get(ABOUT_BOOKING))
    needed = scope["state"].get(TAKES_PERMISSION, scope["route_handler"].opt[PERMISSION])
    return RefusedAct(
        staff_name=caller.account.username,
        staff_id=caller.account.id,
        action_type=needed or OWN_ACCOUNT,
        subject=subject_of(values),
        booking_id=about if isinstance(about, UUID) else None,
    )
