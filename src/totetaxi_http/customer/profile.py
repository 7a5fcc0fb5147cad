"""One's own profile: see it, change it, delete the account."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import attrs
from litestar import Request, delete, get, patch, put
from litestar.params import JSONBody

from totetaxi_core.accounts.password import LONGEST
from totetaxi_core.customers.customer import PreferredPickupTime
from totetaxi_core.customers.delete_account import delete_account
from totetaxi_core.customers.edit_profile import ProfileChanges, edit_profile
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.contact import PhoneNumber

Name = Annotated[str, Text(max_length=100)]
Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class ProfileBody:
    """Everything of a profile that can be changed; without `phone` there is none."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone": "+12125550123",
        "preferred_pickup_time": "early_morning",
        "email_notifications": True,
        "sms_notifications": True,
    }

    first_name: Name
    last_name: Name
    phone: PhoneNumber | None = None
    preferred_pickup_time: PreferredPickupTime
    email_notifications: bool
    sms_notifications: bool

    def to_changes(self) -> ProfileChanges:
        return ProfileChanges(**attrs.asdict(self) | {"phone": self.phone or ""})


@attrs.frozen(kw_only=True)
class ProfileChangesBody:
    """What is left out, or null, stays as it is."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"sms_notifications": False}

    first_name: Name | None = None
    last_name: Name | None = None
    phone: PhoneNumber | None = None
    preferred_pickup_time: PreferredPickupTime | None = None
    email_notifications: bool | None = None
    sms_notifications: bool | None = None

    def to_changes(self) -> ProfileChanges:
        return ProfileChanges(**attrs.asdict(self))


@attrs.frozen(kw_only=True)
class DeleteAccountBody:
    """The password, once more: nobody deletes an account from a screen left open."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"password": "Correct-horse-1"}

    password: Annotated[str, Text(max_length=LONGEST, trim=False)] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class AccountDeletedResponse:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "Your account is deleted."}

    message: str = "Your account is deleted."


@get("/profile", security=SECURITY, responses=problems(codes=REFUSALS))
async def profile(request: Asking) -> CustomerProfileResponse:
    """Show your profile, and what you have booked and spent."""
    return CustomerProfileResponse.from_customer(customer_caller(request).customer)


@put("/profile", security=SECURITY, responses=problems(codes=("invalid", *REFUSALS)))
async def profile_replace(
    data: JSONBody[ProfileBody], request: Asking, state: ServiceState
) -> CustomerProfileResponse:
    """Change your profile; your e-mail address is your login, and cannot be changed."""
    caller = customer_caller(request)
    changed = await edit_profile(caller.customer.id, data.to_changes(), state.ports)
    return CustomerProfileResponse.from_customer(changed)


@patch("/profile", security=SECURITY, responses=problems(codes=("invalid", *REFUSALS)))
async def profile_change(
    data: JSONBody[ProfileChangesBody], request: Asking, state: ServiceState
) -> CustomerProfileResponse:
    """Change some of your profile; what is left out, or null, stays as it is."""
    caller = customer_caller(request)
    changed = await edit_profile(caller.customer.id, data.to_changes(), state.ports)
    return CustomerProfileResponse.from_customer(changed)


@delete(
    "/profile",
    status_code=200,
    opt={"rate_limit": "login"},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "account_has_open_bookings")),
)
async def account_delete(
    data: JSONBody[DeleteAccountBody], request: Asking, state: ServiceState
) -> AccountDeletedResponse:
    """Delete your account, for ever: your personal data are erased, here and at Stripe.

    Bookings that are not over yet stand in the way. What was paid and paid back stays on our books,
    without your name, addresses or card.
    """
    await delete_account(
        customer_caller(request).customer,
        data.password,
        state.ports,
        state.terms,
        state.credentials,
    )
    return AccountDeletedResponse()
