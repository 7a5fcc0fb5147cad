"""Members of staff, for those who manage them; and everybody's own password."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.staff.change_own_password import change_own_password
from totetaxi_core.staff.find_members import find_members, look_up_member
from totetaxi_core.staff.manage_staff import change_staff, create_staff, set_staff_password
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.staff import (
    NewMemberBody,
    NewPasswordBody,
    PasswordChangeBody,
    StaffChangesBody,
    StaffProfileResponse,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

NEEDED: Final = {PERMISSION: Permission.MANAGE_STAFF}
ONE: Final = NEEDED | {"path_examples": {"member_id": StaffProfileResponse.EXAMPLE["id"]}}
# Each hashes a password.
NOT_FOUND: Final = (*REFUSALS, "staff_not_found")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class MembersQuery:
    """Which part of the list."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "50"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class MembersResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [StaffProfileResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[StaffProfileResponse, ...]
    next: str | None
    previous: str | None


@attrs.frozen(kw_only=True)
class PasswordChangedResponse:
    """Every login of the account is over, this one too."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "The password is changed: log in again."}

    message: str = "The password is changed: log in again."


@get(
    "/members",
    opt=NEEDED,
    dependencies={"asked": query_of(MembersQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def members(
    asked: FromQueryClass[MembersQuery], request: Asking, state: ServiceState
) -> MembersResponse:
    """List members of staff, the newest first, those disabled too."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await find_members(
        staff_caller(request).ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return MembersResponse(
        results=tuple(StaffProfileResponse.from_account(account) for account in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/members",
    opt=NEEDED,
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "username_taken")),
)
async def member_create(
    data: JSONBody[NewMemberBody], request: Asking, state: ServiceState
) -> StaffProfileResponse:
    """Create a member of staff, who may do no more than you."""
    caller = staff_caller(request)
    today = caller.ports.clock().astimezone(state.terms.zone).date()
    new = data.to_new_staff(data.password, today=today)
    created = await create_staff(new, caller.ports, state.credentials, by=caller.account)
    return StaffProfileResponse.from_account(created)


@get(
    "/members/{member_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def member(member_id: FromPath[UUID], request: Asking) -> StaffProfileResponse:
    """Show a member of staff."""
    found = await look_up_member(member_id, staff_caller(request).ports)
    return StaffProfileResponse.from_account(found)


@patch(
    "/members/{member_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def member_change(
    member_id: FromPath[UUID], data: JSONBody[StaffChangesBody], request: Asking
) -> StaffProfileResponse:
    """Change a member of staff; what is left out, or null, stays as it is.

    Nobody changes their own role and flags, or disables themselves. Whoever is disabled is logged
    out at once, everywhere.
    """
    caller = staff_caller(request)
    username = (await look_up_member(member_id, caller.ports)).username
    changed = await change_staff(username, data.to_changes(), caller.ports, by=caller.account)
    return StaffProfileResponse.from_account(changed)


@post(
    "/members/{member_id:uuid}/password",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def member_password(
    member_id: FromPath[UUID],
    data: JSONBody[NewPasswordBody],
    request: Asking,
    state: ServiceState,
) -> StaffProfileResponse:
    """Give another member of staff a new password: every login is over, and a lock is off.

    Your own is changed by `password/change`, which asks for the present one.
    """
    caller = staff_caller(request)
    username = (await look_up_member(member_id, caller.ports)).username
    changed = await set_staff_password(
        username, data.password, caller.ports, state.credentials, by=caller.account, of_another=True
    )
    return StaffProfileResponse.from_account(changed)


@post(
    "/password/change",
    status_code=200,
    opt={PERMISSION: None, "rate_limit": "login"},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "invalid_credentials", "account_locked")),
)
async def password_change(
    data: JSONBody[PasswordChangeBody], request: Asking, state: ServiceState
) -> PasswordChangedResponse:
    """Change your own password: every login is over, this one too.

    A wrong present one counts as a failed login does, and locks alike.
    """
    caller = staff_caller(request)
    await change_own_password(caller.account, data.to_change(), caller.ports, state.credentials)
    return PasswordChangedResponse()
