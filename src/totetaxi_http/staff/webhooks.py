"""Webhooks: which client systems hear of what happens."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.staff.permission import Permission
from totetaxi_core.webhooks.manage_subscriptions import (
    change_subscription,
    create_subscription,
    remove_subscription,
    rotate_secret,
)
from totetaxi_core.webhooks.read_webhooks import list_subscriptions, look_up_subscription
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.webhook import (
    EXAMPLE_ID,
    NewWebhookBody,
    WebhookChangesBody,
    WebhookResponse,
    WebhookSecretResponse,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller

NEEDED: Final = {PERMISSION: Permission.MANAGE_WEBHOOKS}
ONE: Final = NEEDED | {"path_examples": {"webhook_id": EXAMPLE_ID}}
NOT_FOUND: Final = (*REFUSALS, "webhook_not_found")
BAD_ADDRESS: Final = "subscriber_address_refused"

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class WebhooksResponse:
    """All there are, oldest first; they are few."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [WebhookResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[WebhookResponse, ...]
    next: str | None = None
    previous: str | None = None


@attrs.frozen(kw_only=True)
class WebhookRemovedResponse:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "The webhook is removed."}

    message: str = "The webhook is removed."


@get("/webhooks", opt=NEEDED, security=SECURITY, responses=problems(codes=REFUSALS))
async def webhooks(request: Asking) -> WebhooksResponse:
    """List the webhooks, paused ones too."""
    found = await list_subscriptions(staff_caller(request).ports)
    return WebhooksResponse(results=tuple(map(WebhookResponse.from_subscription, found)))


@post(
    "/webhooks",
    opt=NEEDED,
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, BAD_ADDRESS, "too_many_webhooks")),
)
async def webhook_create(
    data: JSONBody[NewWebhookBody], request: Asking, state: ServiceState
) -> WebhookSecretResponse:
    """Have a client system hear of events from now on; the secret is shown this once.

    The address must begin https:// and be of the public internet. docs/webhooks.md says what is
    sent, and how its signature is verified.
    """
    caller = staff_caller(request)
    name = caller.account.username
    known = await create_subscription(data.to_new(), caller.ports, state.terms, staff_name=name)
    return WebhookSecretResponse.from_known(known)


@get(
    "/webhooks/{webhook_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def webhook(webhook_id: FromPath[UUID], request: Asking) -> WebhookResponse:
    """Show a webhook, without its secret."""
    found = await look_up_subscription(webhook_id, staff_caller(request).ports)
    return WebhookResponse.from_subscription(found)


@patch(
    "/webhooks/{webhook_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, BAD_ADDRESS)),
)
async def webhook_change(
    webhook_id: FromPath[UUID], data: JSONBody[WebhookChangesBody], request: Asking
) -> WebhookResponse:
    """Change, pause or resume a webhook; what is left out, or null, stays as it is.

    What a paused one is owed is kept; resumed, it gets all of it, in order.
    """
    caller = staff_caller(request)
    name = caller.account.username
    changed = await change_subscription(
        webhook_id, data.to_changes(), caller.ports, staff_name=name
    )
    return WebhookResponse.from_subscription(changed)


@delete(
    "/webhooks/{webhook_id:uuid}",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def webhook_remove(webhook_id: FromPath[UUID], request: Asking) -> WebhookRemovedResponse:
    """Remove a webhook for good: what it is owed is not delivered any more."""
    caller = staff_caller(request)
    await remove_subscription(webhook_id, caller.ports, staff_name=caller.account.username)
    return WebhookRemovedResponse()


@post(
    "/webhooks/{webhook_id:uuid}/secret",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "webhook_secret_rotating")),
)
async def webhook_secret(
    webhook_id: FromPath[UUID], request: Asking, state: ServiceState
) -> WebhookSecretResponse:
    """Give a webhook another secret, shown this once; the former one signs too for 24 hours.

    Within these it is not given yet another.
    """
    caller = staff_caller(request)
    name = caller.account.username
    known = await rotate_secret(webhook_id, caller.ports, state.terms, staff_name=name)
    return WebhookSecretResponse.from_known(known)
