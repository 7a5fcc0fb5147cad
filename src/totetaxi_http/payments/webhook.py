"""What Stripe tells us."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import attrs
from litestar import Request, post
from litestar.openapi.spec import Example, OpenAPIMediaType, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from totetaxi_core.payments.take_event import take_event
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import PaymentResponse

SIGNATURE = "Stripe-Signature"
SIGNATURE_HEADER = Parameter(
    name=SIGNATURE,
    param_in="header",
    required=True,
    description="Stripe's signature of the body, not older than five minutes.",
    example="t=1795618930,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
    schema=Schema(type=OpenAPIType.STRING),
)
EVENT = RequestBody(
    required=True,
    description="A Stripe event, byte for byte as it was signed.",
    content={
        "application/json": OpenAPIMediaType(
            schema=Schema(type=OpenAPIType.OBJECT),
            examples={
                "example": Example(
                    value={
                        "id": "evt_3SXk2eFq8LmT4vWz",
                        "object": "event",
                        "created": 1_795_618_930,
                        "type": "payment_intent.succeeded",
                        "data": {
                            "object": {
                                "id": PaymentResponse.EXAMPLE["payment_intent_id"],
                                "object": "payment_intent",
                                "amount": 99_500,
                                "currency": "usd",
                                "status": "succeeded",
                            }
                        },
                    }
                )
            },
        )
    },
)


@attrs.frozen(kw_only=True)
class Received:
    """The event is stored, or was before."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"received": True}

    received: Literal[True] = True


@post(
    "/webhook",
    status_code=200,
    opt={"rate_limit": None, "headers": (SIGNATURE_HEADER,), "raw_body": EVENT},
    responses=problems(413, codes=("invalid_signature", "database_unavailable")),
)
async def webhook(request: Request[Any, Any, Any], state: ServiceState) -> Received:
    """Take in an event signed by Stripe: it is stored with the work it calls for, then answered.

    The order and repetition of events do not matter; events of charges that are not ours are
    answered 200 and change nothing.
    """
    signature = request.headers.get(SIGNATURE, "")
    event = state.events.read(await request.body(), signature)
    await take_event(event, state.ports)
    return Received()
