"""What Onfleet tells us."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import attrs
from litestar import MediaType, Request, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from totetaxi_core.logistics.take_courier_event import take_courier_event
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.payments.webhook import Received
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.query import FromQueryClass, query_of

SIGNATURE = "X-Onfleet-Signature"
SIGNATURE_HEADER = Parameter(
    name=SIGNATURE,
    param_in="header",
    required=True,
    description="Onfleet's signature of the body: HMAC-SHA512, in hexadecimal.",
    example="d886510dd192feb322f716ae7f7d3e8f84d6313c7d692d7c748ac268d0c65fd3"
    "df797af2f8fd10c415cdc271eafee35f6dd7474d868596077eb61f685f3a1e9a",
    schema=Schema(type=OpenAPIType.STRING),
)
EVENT = RequestBody(
    required=True,
    description="An Onfleet webhook, byte for byte as it was signed.",
    content={
        "application/json": OpenAPIMediaType(
            schema=Schema(type=OpenAPIType.OBJECT),
            examples={
                "example": Example(
                    value={
                        "taskId": "Jm4tq*Z0w1yR8~pVbX3cUeNf",
                        "workerId": "c3Yt~Q9zRw*0LmX5vBn8KdHs",
                        "triggerId": 3,
                        "triggerName": "taskCompleted",
                        "time": 1_796_134_921_733,
                        "data": {"task": {"id": "Jm4tq*Z0w1yR8~pVbX3cUeNf", "state": 3}},
                    }
                )
            },
        )
    },
)


@attrs.frozen(kw_only=True)
class CheckQuery:
    """Any text of Onfleet's own choice."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"check": "c7d1f0a39b"}

    check: Annotated[str, Text(max_length=256, trim=False)]


ECHO = ResponseSpec(
    data_container=str,
    description="The text that was sent, and nothing around it.",
    media_type=MediaType.TEXT,
    generate_examples=False,
    examples=[Example(value=CheckQuery.EXAMPLE["check"])],
)


@get(
    "/webhook",
    media_type=MediaType.TEXT,
    dependencies={"asked": query_of(CheckQuery)},
    responses={200: ECHO},
    sync_to_thread=False,
)
def check_webhook(asked: FromQueryClass[CheckQuery]) -> str:
    """Answer what was sent as `check`, as plain text: so Onfleet finds out who is at this address.

    It asks so before it sends anything, and unsigned.
    """
    return asked.check


@post(
    "/webhook",
    status_code=200,
    opt={"rate_limit": None, "headers": (SIGNATURE_HEADER,), "raw_body": EVENT},
    responses=problems(413, codes=("invalid_signature", "database_unavailable")),
)
async def webhook(request: Request[Any, Any, Any], state: ServiceState) -> Received:
    """Take in an event signed by Onfleet: the look at its task is owed, then it is answered.

    The order and repetition of events do not matter; events of tasks that are not ours are
    answered 200 and change nothing.
    """
    signature = request.headers.get(SIGNATURE, "")
    event = state.courier_events.read(await request.body(), signature)
    await take_courier_event(event, state.ports)
    return Received()
