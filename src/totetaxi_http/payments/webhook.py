"""What Stripe tells us."""

from typing import Any, Literal

import attrs
from litestar import Request, post

from totetaxi_core.payments.gateway import PaymentEventReader
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.ports import Ports
from totetaxi_http.dependencies import Wired
from totetaxi_http.openapi import problems

SIGNATURE = "Stripe-Signature"


@attrs.frozen(kw_only=True)
class Received:
    """The event is stored, or was before."""

    received: Literal[True] = True


@post(
    "/webhook",
    status_code=200,
    opt={"rate_limit": None},
    responses=problems(413, codes=("invalid_signature", "database_unavailable")),
)
async def webhook(
    request: Request[Any, Any, Any],
    ports: Wired[Ports],
    events: Wired[PaymentEventReader],
) -> Received:
    """Take in an event signed by Stripe: it is stored with the work it calls for, then answered.

    The order and repetition of events do not matter; events of charges that are not ours are
    answered 200 and change nothing.
    """
    event = events.read(await request.body(), request.headers.get(SIGNATURE, ""))
    await take_event(event, ports)
    return Received()
