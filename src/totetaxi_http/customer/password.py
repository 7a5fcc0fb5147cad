"""Passwords: a new one by mail, or by the old one."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

import attrs
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import JSONBody

from totetaxi_core.accounts.password import LONGEST, check_new_password
from totetaxi_core.customers.change_password import change_password
from totetaxi_core.customers.reset_password import confirm_password_reset, request_password_reset
from totetaxi_core.refusal import FieldFault, faults_of
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.account_token import (
    ACCOUNT_TOKEN,
    AccountToken,
    DoneResponse,
    MailedResponse,
)
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.contact import EmailAddress

Password = Annotated[str, Text(max_length=LONGEST, trim=False)]


@attrs.frozen(kw_only=True)
class ResetBody:
    """The case of the address does not matter."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"email": "ada@example.com"}

    email: EmailAddress


@attrs.frozen(kw_only=True)
class ConfirmResetBody:
    """The token of the mail, `token` in its link, and the password to be."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "token": ACCOUNT_TOKEN,
        "new_password": "Better-horse-2",
    }

    token: AccountToken = attrs.field(repr=False)
    new_password: Password = attrs.field(repr=False)

    @classmethod
    def rule_faults(cls, good: Mapping[str, str], state: State) -> Iterator[FieldFault]:
        """Yield what the rules have against the password, if it is good so far."""
        del state
        yield from _password_faults(good)


@attrs.frozen(kw_only=True)
class ChangePasswordBody:
    """The password as it is and as it is to be."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "current_password": "Correct-horse-1",
        "new_password": "Better-horse-2",
    }

    current_password: Password = attrs.field(repr=False)
    new_password: Password = attrs.field(repr=False)

    @classmethod
    def rule_faults(cls, good: Mapping[str, str], state: State) -> Iterator[FieldFault]:
        """Yield what the rules have against the new password, if it is good so far."""
        del state
        yield from _password_faults(good)


def _password_faults(good: Mapping[str, str]) -> Iterator[FieldFault]:
    if "new_password" in good:
        yield from faults_of(lambda: check_new_password(good["new_password"], field="new_password"))


@post(
    "/password/reset",
    status_code=200,
    opt={"rate_limit": "reset"},
    responses=problems(codes=("invalid", "database_unavailable")),
)
async def reset(data: JSONBody[ResetBody], state: ServiceState) -> MailedResponse:
    """Have a mail sent whose link sets a new password; it is good for an hour.

    The answer is the same for an address without an account.
    """
    await state.rate_limits.hit("reset", caller=f"account:customer:{data.email.lower()}")
    await request_password_reset(data.email, state.ports, state.credentials)
    return MailedResponse()


@post(
    "/password/reset/confirm",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(codes=("invalid", "invalid_account_token", "database_unavailable")),
)
async def confirm_reset(data: JSONBody[ConfirmResetBody], state: ServiceState) -> DoneResponse:
    """Set a new password, once, with the token of the mail. Every login of the account ends."""
    await confirm_password_reset(
        data.token, data.new_password, state.ports, state.terms, state.credentials
    )
    return DoneResponse()


@post(
    "/password/change",
    status_code=200,
    opt={"rate_limit": "login"},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def change(
    data: JSONBody[ChangePasswordBody], request: Request[Any, Any, Any], state: ServiceState
) -> DoneResponse:
    """Set a new password. Every login of the account ends, this one included."""
    await change_password(
        customer_caller(request).signed_in,
        current_password=data.current_password,
        new_password=data.new_password,
        ports=state.ports,
        credentials=state.credentials,
    )
    return DoneResponse()
