"""The link we mail: it leads to the page at Stripe where a booking is paid."""

from collections.abc import Mapping
from typing import ClassVar

import attrs
from litestar import get
from litestar.datastructures import ResponseHeader
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.wire.query import FromQueryClass, query_of

LOCATION = ResponseHeader(
    name="location", documentation_only=True, description="The page at Stripe: open, and theirs."
)


@attrs.frozen(kw_only=True)
class PayQuery:
    """The token of the mail, which is all that a link can carry."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "manage_token": "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTg"
    }

    manage_token: str | None = attrs.field(
        default=None,
        metadata={"description": "The booking's manage token; without it the answer is 401."},
    )


@get(
    "/pay",
    status_code=HTTP_303_SEE_OTHER,
    opt={"rate_limit": "booking"},
    dependencies={"asked": query_of(PayQuery)},
    response_headers=(LOCATION,),
    responses=problems(
        codes=(
            "invalid",
            "invalid_manage_token",
            "booking_not_found",
            "invalid_transition",
            "payment_under_way",
            "payment_unavailable",
            "payment_misconfigured",
            "database_unavailable",
        )
    ),
)
async def pay(asked: FromQueryClass[PayQuery], state: ServiceState) -> Redirect:
    """Send a payer on to the booking's payment page at Stripe.

    However often it is followed, there is one open page; a payment that was begun elsewhere and
    not made is closed first. The page lapses with the booking's hold.
    """
    booking_id = state.terms.manage_tokens.booking_id(asked.manage_token or "")
    session = await open_payment_link(booking_id, state.ports, state.terms)
    return Redirect(session.url or "", status_code=HTTP_303_SEE_OTHER)
