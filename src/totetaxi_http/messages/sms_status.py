"""What Twilio tells of a text message's way."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, post
from litestar.openapi.spec import Example, OpenAPIMediaType, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath

from totetaxi_core.notifications.delivery_news import NewsSignatureError, take_delivery_news
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.payments.webhook import Received
from totetaxi_http.schemas.message import MESSAGE_ID

SIGNATURE: Final = "X-Twilio-Signature"
SIGNATURE_HEADER = Parameter(
    name=SIGNATURE,
    param_in="header",
    required=True,
    description="Twilio's signature of the address it calls and the form.",
    example="RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    schema=Schema(type=OpenAPIType.STRING),
)
FORM = RequestBody(
    required=True,
    description="A status callback, as it was signed.",
    content={
        "application/x-www-form-urlencoded": OpenAPIMediaType(
            schema=Schema(type=OpenAPIType.OBJECT),
            examples={
                "example": Example(
                    value={
                        "MessageSid": "SM2f1d7c3a9b4e4a528d6f0c5e7b9a1d34",
                        "MessageStatus": "delivered",
                        "To": "+12125550142",
                        "From": "+12125550100",
                    }
                )
            },
        )
    },
)


@post(
    "/sms-status/{message_id:uuid}",
    status_code=200,
    opt={
        "rate_limit": None,
        "headers": (SIGNATURE_HEADER,),
        "raw_body": FORM,
        "path_examples": MESSAGE_ID,
    },
    responses=problems(413, codes=("invalid_signature", "database_unavailable")),
)
async def sms_status(
    message_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Received:
    """Take in how far a text message has got, signed by Twilio with the account's own token.

    Order and repetition do not matter; a message that is not ours is answered 200.
    """
    reader = state.sms_statuses
    if reader is None:
        raise NewsSignatureError("no account is named whose signature could be known")
    news = reader.read(await request.body(), message_id, request.headers.get(SIGNATURE, ""))
    if news is not None:
        await take_delivery_news(news, state.ports)
    return Received()
