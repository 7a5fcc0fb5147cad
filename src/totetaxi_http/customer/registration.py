"""Get an account: register, verify the address, have the mail sent again."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import attrs
from litestar import post
from litestar.datastructures import State
from litestar.params import JSONBody

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import LONGEST
from totetaxi_core.customers.register_customer import (
    NewCustomer,
    register_customer,
    registration_faults,
)
from totetaxi_core.customers.verify_email import resend_verification, verify_email
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.account_token import (
    ACCOUNT_TOKEN,
    AccountToken,
    DoneResponse,
    MailedResponse,
)
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.contact import EmailAddress, PhoneNumber

Password = Annotated[str, Text(max_length=LONGEST, trim=False)]
Name = Annotated[str, Text(max_length=100)]


@attrs.frozen(kw_only=True)
class RegisterBody:
    """The password needs 8 characters, a digit and an upper-case letter.

    Addresses of disposable mailboxes are refused.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "email": "ada@example.com",
        "password": "Correct-horse-1",
        "password_confirm": "Correct-horse-1",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "+12125550123",
    }

    email: EmailAddress
    password: Password = attrs.field(repr=False)
    password_confirm: Password = attrs.field(repr=False)
    first_name: Name
    last_name: Name
    phone: PhoneNumber | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, str], state: State) -> Iterator[FieldFault]:
        """Yield what the rules have against the fields that are good."""
        if {"password", "password_confirm"} <= good.keys():
            yield from _confirmation_faults(good["password"], good["password_confirm"])
        if "credentials" in state:
            credentials: Credentials = state["credentials"]
            yield from registration_faults(
                good.get("email"),
                good.get("password"),
                disposable=credentials.disposable_domains,
            )

    def to_new_customer(self) -> NewCustomer:
        return NewCustomer(
            email=self.email,
            first_name=self.first_name,
            last_name=self.last_name,
            phone=self.phone or "",
            password=self.password,
        )


@attrs.frozen(kw_only=True)
class VerifyEmailBody:
    """The token of the mail: `token` in its link."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"token": ACCOUNT_TOKEN}

    token: AccountToken = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class ResendVerificationBody:
    """The case of the address does not matter."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"email": "ada@example.com"}

    email: EmailAddress


def _confirmation_faults(password: str, confirmed: str) -> Iterator[FieldFault]:
    if password != confirmed:
        yield FieldFault(
            field="password_confirm", code="not_the_same", message="must be the password again"
        )


@post(
    "/register",
    status_code=201,
    opt={"rate_limit": "register"},
    responses=problems(codes=("invalid", "database_unavailable")),
)
async def register(data: JSONBody[RegisterBody], state: ServiceState) -> MailedResponse:
    """Ask for an account: a mail brings the link that verifies the address.

    The answer is the same for an address that has an account: the mail says so.
    """
    await state.rate_limits.hit("register", caller=f"account:customer:{data.email.lower()}")
    good = attrs.asdict(data, recurse=False)
    if faults := tuple(RegisterBody.rule_faults(good, state)):
        raise InvalidInputError(faults)
    await register_customer(data.to_new_customer(), state.ports, state.credentials)
    return MailedResponse()


@post(
    "/verify-email",
    status_code=200,
    opt={"rate_limit": "login"},
    responses=problems(codes=("invalid", "invalid_account_token", "database_unavailable")),
)
async def verify(data: JSONBody[VerifyEmailBody], state: ServiceState) -> DoneResponse:
    """Make the account, once, with the token of the mail; it is good for 24 hours.

    Bookings made as a guest with this address join the account.
    """
    await verify_email(data.token, state.ports, state.terms, state.credentials)
    return DoneResponse()


@post(
    "/resend-verification",
    status_code=200,
    opt={"rate_limit": "register"},
    responses=problems(codes=("invalid", "database_unavailable")),
)
async def resend(data: JSONBody[ResendVerificationBody], state: ServiceState) -> MailedResponse:
    """Have the mail sent again, for 24 more hours, if the address waits to be verified."""
    await state.rate_limits.hit("register", caller=f"account:customer:{data.email.lower()}")
    await resend_verification(data.email, state.ports, state.credentials)
    return MailedResponse()
