"""What webhooks were sent and are owed; sending once more, and a test."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.params import FromPath

from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.read_webhooks import find_deliveries, look_up_delivery
from totetaxi_core.webhooks.send_again import redeliver, send_test_event
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.webhook import EXAMPLE_ID, WebhookDeliveryResponse
from totetaxi_http.staff.guard import SECURITY, staff_caller
from totetaxi_http.staff.webhooks import NEEDED, NOT_FOUND, ONE
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

EVENT_ID: Final = WebhookDeliveryResponse.EXAMPLE["event_id"]
DELIVERY: Final = NEEDED | {"path_examples": {"webhook_id": EXAMPLE_ID, "event_id": EVENT_ID}}

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class WebhookDeliveriesQuery:
    """Which deliveries: all, or those that stand so."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"state": "failed"}

    state: DeliveryState | None = None
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class WebhookDeliveriesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [WebhookDeliveryResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[WebhookDeliveryResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/webhooks/{webhook_id:uuid}/deliveries",
    opt=ONE,
    dependencies={"asked": query_of(WebhookDeliveriesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def webhook_deliveries(
    webhook_id: FromPath[UUID],
    asked: FromQueryClass[WebhookDeliveriesQuery],
    request: Asking,
    state: ServiceState,
) -> WebhookDeliveriesResponse:
    """List what a webhook was sent and is owed, newest first; what ended is kept for 30 days."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await find_deliveries(
        webhook_id,
        staff_caller(request).ports,
        state=asked.state,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return WebhookDeliveriesResponse(
        results=tuple(map(WebhookDeliveryResponse.from_delivery, page.entries)),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/webhooks/{webhook_id:uuid}/deliveries/{event_id:uuid}/redeliver",
    status_code=200,
    opt=DELIVERY,
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "webhook_delivery_not_found", "webhook_paused")),
)
async def webhook_redeliver(
    webhook_id: FromPath[UUID], event_id: FromPath[UUID], request: Asking
) -> WebhookDeliveryResponse:
    """Deliver an event once more, within seconds, under the same `webhook-id`."""
    caller = staff_caller(request)
    due = await redeliver(webhook_id, event_id, caller.ports, staff_name=caller.account.username)
    return WebhookDeliveryResponse.from_delivery(due)


@post(
    "/webhooks/{webhook_id:uuid}/test",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "webhook_paused")),
)
async def webhook_test(webhook_id: FromPath[UUID], request: Asking) -> WebhookDeliveryResponse:
    """Send an event of the type `webhook.test`; the deliveries show within seconds how it went."""
    caller = staff_caller(request)
    name = caller.account.username
    event_id = await send_test_event(webhook_id, caller.ports, staff_name=name)
    sent = await look_up_delivery(webhook_id, event_id, caller.ports)
    return WebhookDeliveryResponse.from_delivery(sent)
