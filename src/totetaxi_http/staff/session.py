"""Log in, stay logged in, log out, and who is logged in."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import attrs
from litestar import Request, get, post
from litestar.params import JSONBody

from totetaxi_core.accounts.password import LONGEST
from totetaxi_core.staff.acting import acting
from totetaxi_core.staff.log_in_staff import (
    StaffLogin,
    log_in_staff,
    log_out_staff,
    refresh_staff,
)
from totetaxi_core.staff.staff_account import LONGEST_USERNAME
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.login import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    LoggedOutResponse,
    RefreshBody,
)
from totetaxi_http.schemas.staff import StaffProfileResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, origin_of, staff_caller
from totetaxi_http.wire.constraints import Text


@attrs.frozen(kw_only=True)
class StaffLoginBody:
    """The case of the username does not matter."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "username": "maria",
        "password": "Correct-horse-1",
    }

    username: Annotated[str, Text(max_length=LONGEST_USERNAME)]
    password: Annotated[str, Text(max_length=LONGEST, trim=False)] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class StaffLoginResponse:
    """The access token is good for an hour, the refresh token for seven days, once."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "access_token": ACCESS_TOKEN,
        "refresh_token": REFRESH_TOKEN,
        "staff_profile": StaffProfileResponse.EXAMPLE,
    }

    access_token: str
    refresh_token: str
    staff_profile: StaffProfileResponse

    @classmethod
    def from_login(cls, login: StaffLogin) -> Self:
        return cls(
            access_token=login.access_token,
            refresh_token=login.refresh_token,
            staff_profile=StaffProfileResponse.from_account(login.account),
        )


@post(
    "/login",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(
        codes=(
            "invalid",
            "invalid_credentials",
            "account_disabled",
            "account_locked",
            "database_unavailable",
        )
    ),
)
async def login(
    data: JSONBody[StaffLoginBody], request: Request[Any, Any, Any], state: ServiceState
) -> StaffLoginResponse:
    """Log in. Five wrong passwords in a row lock the account for 30 minutes.

    A wrong password and an unknown username answer alike. Every try is on record.
    """
    await state.rate_limits.hit("login", caller=f"account:staff:{data.username.lower()}")
    ports = acting(state.ports, origin_of(request))
    made = await log_in_staff(data.username, data.password, ports, state.credentials)
    return StaffLoginResponse.from_login(made)


@post(
    "/token/refresh",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(codes=("invalid", "invalid_token", "database_unavailable")),
)
async def refresh(
    data: JSONBody[RefreshBody], request: Request[Any, Any, Any], state: ServiceState
) -> StaffLoginResponse:
    """Change a refresh token for the next one and a new access token.

    A refresh token that was used before ends the session: somebody else has it.
    """
    ports = acting(state.ports, origin_of(request))
    return StaffLoginResponse.from_login(
        await refresh_staff(data.refresh_token, ports, state.credentials)
    )


@post(
    "/logout",
    status_code=200,
    opt={PERMISSION: None},
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def logout(request: Request[Any, Any, Any]) -> LoggedOutResponse:
    """End the session of the access token, at once."""
    caller = staff_caller(request)
    await log_out_staff(caller.signed_in, caller.ports)
    return LoggedOutResponse()


@get("/profile", opt={PERMISSION: None}, security=SECURITY, responses=problems(codes=REFUSALS))
async def profile(request: Request[Any, Any, Any]) -> StaffProfileResponse:
    """Show who is logged in, and all they may do."""
    return StaffProfileResponse.from_account(staff_caller(request).account)
