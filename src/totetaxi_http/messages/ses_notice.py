"""What Amazon SES tells of a mail's way, brought by SNS."""

import json
from typing import Any, Final

from litestar import Request, post
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import Example, OpenAPIMediaType, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from totetaxi_core.notifications.delivery_news import take_delivery_news
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.payments.webhook import Received

# A notice of 256 KiB with all its quotation marks escaped.
MAX_BODY_BYTES: Final = 1_024 * 1_024
BOUNCE: Final = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "ada@example.com", "status": "5.1.1"}],
    },
    "mail": {"messageId": "0100018f3c5a7b21-4d1e9a64-000000", "destination": ["ada@example.com"]},
}
NOTICE: Final = RequestBody(
    required=True,
    description="What SNS sends, as JSON, whatever type it says it has.",
    content={
        "text/plain": OpenAPIMediaType(
            schema=Schema(type=OpenAPIType.OBJECT),
            examples={
                "example": Example(
                    value={
                        "Type": "Notification",
                        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
                        "TopicArn": "arn:aws:sns:us-east-1:123456789012:ses-notices",
                        "Message": json.dumps(BOUNCE),
                        "Timestamp": "2026-11-25T15:05:01.000Z",
                        "SignatureVersion": "2",
                        "Signature": "EXAMPLEw6JRN…",
                        "SigningCertURL": "https://sns.us-east-1.amazonaws.com/"
                        "SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem",
                    }
                )
            },
        )
    },
)


@post(
    "/ses-notice",
    status_code=200,
    opt={"rate_limit": None, "raw_body": NOTICE},
    request_max_body_size=MAX_BODY_BYTES,
    responses=problems(
        413,
        codes=("invalid_signature", "not_found", "carrier_unavailable", "database_unavailable"),
    ),
)
async def ses_notice(request: Request[Any, Any, Any], state: ServiceState) -> Received:
    """Take in that a mail bounced, was complained of or arrived, signed by Amazon.

    Order and repetition do not matter; notices of mails that are not ours are answered 200. The
    topic's own question is answered, so that it is subscribed to by itself. Without the setting
    SES_TOPIC_ARN there is nothing here.
    """
    if state.ses_notices is None:
        raise NotFoundException(detail="There is nothing here: no topic is named.")
    news = await state.ses_notices.read(await request.body())
    if news is not None:
        await take_delivery_news(news, state.ports)
    return Received()
