"""Which customer calls, by their access token: before anything else of the request."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.handlers import BaseRouteHandler

from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.log_in_customer import SignedInCustomer, authenticate_customer
from totetaxi_http.bearer import BEARER, Connection, bearer_token, is_question
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.rate_limit import DEFAULT

SECURITY: Final = BEARER
REFUSALS: Final = ("invalid_token", "wrong_audience", "database_unavailable")
"""What every handler behind the guard may answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCaller:
    """Who calls, as their account stood when the request came."""

    customer: Customer
    session_id: UUID

    @property
    def signed_in(self) -> SignedInCustomer:
        return SignedInCustomer(customer=self.customer, session_id=self.session_id)


async def customer_only(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in whoever is logged in as a customer.

    Raises:
        InvalidTokenError: nobody is.
        WrongAudienceError: a member of staff is.
        RateLimitedError: this account calls too often.
    """
    if is_question(connection):
        return
    state = ServiceState(connection.app.state)
    signed_in = await authenticate_customer(
        bearer_token(connection), state.ports, state.credentials
    )
    await state.rate_limits.hit(
        handler.opt.get("rate_limit", DEFAULT), caller=f"account:customer:{signed_in.customer.id}"
    )
    connection.state.customer_caller = CustomerCaller(
        customer=signed_in.customer, session_id=signed_in.session_id
    )


def customer_caller(request: Request[Any, Any, Any]) -> CustomerCaller:
    """Return whom the guard let in."""
    caller: CustomerCaller = request.state.customer_caller
    return caller
