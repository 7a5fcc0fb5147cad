"""Log in, stay logged in, log out."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self

import attrs
from litestar import Request, post
from litestar.params import JSONBody

from totetaxi_core.accounts.password import LONGEST
from totetaxi_core.customers.log_in_customer import (
    CustomerLogin,
    log_in_customer,
    log_out_customer,
    log_out_everywhere,
    refresh_customer,
)
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.schemas.login import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    LoggedOutResponse,
    RefreshBody,
)
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.contact import EmailAddress


@attrs.frozen(kw_only=True)
class CustomerLoginBody:
    """The case of the address does not matter."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "email": "ada@example.com",
        "password": "Correct-horse-1",
    }

    email: EmailAddress
    password: Annotated[str, Text(max_length=LONGEST, trim=False)] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class LogoutBody:
    """`everywhere` ends every login of the account, not only this one."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"everywhere": True}

    everywhere: bool = False


THIS_LOGIN: Final = LogoutBody()


@attrs.frozen(kw_only=True)
class CustomerLoginResponse:
    """The access token is good for an hour, the refresh token for seven days, once."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "access_token": ACCESS_TOKEN,
        "refresh_token": REFRESH_TOKEN,
        "user_profile": CustomerProfileResponse.EXAMPLE,
    }

    access_token: str
    refresh_token: str
    user_profile: CustomerProfileResponse

    @classmethod
    def from_login(cls, login: CustomerLogin) -> Self:
        return cls(
            access_token=login.access_token,
            refresh_token=login.refresh_token,
            user_profile=CustomerProfileResponse.from_customer(login.customer),
        )


@post(
    "/login",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(codes=("invalid", "invalid_credentials", "database_unavailable")),
)
async def login(data: JSONBody[CustomerLoginBody], state: ServiceState) -> CustomerLoginResponse:
    """Log in, once the address is verified.

    A wrong password, an unknown address and one that is not verified yet answer alike.
    """
    await state.rate_limits.hit("login", caller=f"account:customer:{data.email.lower()}")
    made = await log_in_customer(data.email, data.password, state.ports, state.credentials)
    return CustomerLoginResponse.from_login(made)


@post(
    "/token/refresh",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(codes=("invalid", "invalid_token", "database_unavailable")),
)
async def refresh(data: JSONBody[RefreshBody], state: ServiceState) -> CustomerLoginResponse:
    """Change a refresh token for the next one and a new access token.

    A refresh token that was used before ends the session: somebody else has it.
    """
    made = await refresh_customer(data.refresh_token, state.ports, state.credentials)
    return CustomerLoginResponse.from_login(made)


@post("/logout", status_code=200, security=SECURITY, responses=problems(codes=REFUSALS))
async def logout(
    request: Request[Any, Any, Any],
    state: ServiceState,
    data: JSONBody[LogoutBody] = THIS_LOGIN,
) -> LoggedOutResponse:
    """End the session of the access token, at once; with `everywhere`, every one of the account.

    Nothing need be sent.
    """
    signed_in = customer_caller(request).signed_in
    if data.everywhere:
        await log_out_everywhere(signed_in, state.ports)
    else:
        await log_out_customer(signed_in, state.ports)
    return LoggedOutResponse()
