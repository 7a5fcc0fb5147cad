"""Add, change and remove webhooks, and have events sent again."""

import json
from collections.abc import Mapping
from uuid import UUID

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_cli.webhook_views import (
    show_delivery_to_terminal,
    show_secret_to_terminal,
    show_to_terminal,
)
from totetaxi_core.webhooks.delivery import Delivery
from totetaxi_core.webhooks.manage_subscriptions import (
    KnownSubscription,
    change_subscription,
    create_subscription,
    remove_subscription,
    rotate_secret,
)
from totetaxi_core.webhooks.read_webhooks import look_up_delivery
from totetaxi_core.webhooks.send_again import redeliver, send_test_event
from totetaxi_core.webhooks.subscription import Subscription
from totetaxi_http.schemas.webhook import NewWebhookBody, WebhookChangesBody
from totetaxi_http.wire.structuring import structure_body


def add_to_terminal(given: Mapping[str, object], *, staff: str, as_json: bool) -> None:
    """Add a webhook and show it with its secret.

    Raises:
        InvalidInputError: bad fields.
        PermissionDeniedError: staff may not.
        SubscriberAddressError: we would not call the address.
        TooManySubscriptionsError: there are too many.
    """
    body: NewWebhookBody = structure_body(_stated(given), NewWebhookBody)

    async def job(wiring: Wiring, staff_name: str) -> KnownSubscription:
        return await create_subscription(
            body.to_new(), wiring.ports, wiring.terms, staff_name=staff_name
        )

    show_secret_to_terminal(run(as_staff(staff, StaffCommand.WEBHOOKS_ADD, job)), as_json=as_json)


def change_to_terminal(
    webhook_id: UUID, given: Mapping[str, object], *, staff: str, as_json: bool
) -> None:
    """Change a webhook and show it.

    Raises:
        InvalidInputError: bad fields, or nothing would change.
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError: there is none of this id.
        SubscriberAddressError: we would not call the new address.
    """
    _change(webhook_id, given, StaffCommand.WEBHOOKS_CHANGE, staff=staff, as_json=as_json)


def switch_to_terminal(webhook_id: UUID, state: str, *, staff: str, as_json: bool) -> None:
    """Pause or resume a webhook and show it.

    Raises:
        InvalidInputError: it stands so already.
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError: there is none of this id.
    """
    pauses = state == "paused"
    command = StaffCommand.WEBHOOKS_PAUSE if pauses else StaffCommand.WEBHOOKS_RESUME
    _change(webhook_id, {"state": state}, command, staff=staff, as_json=as_json)


def remove_to_terminal(webhook_id: UUID, *, staff: str) -> None:
    """Remove a webhook.

    Raises:
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError: there never was one of this id.
    """

    async def job(wiring: Wiring, staff_name: str) -> Subscription:
        return await remove_subscription(webhook_id, wiring.ports, staff_name=staff_name)

    removed = run(as_staff(staff, StaffCommand.WEBHOOKS_REMOVE, job))
    typer.echo(f"removed {removed.id}, {removed.url}")


def rotate_secret_to_terminal(webhook_id: UUID, *, staff: str, as_json: bool) -> None:
    """Give a webhook another secret and show it.

    Raises:
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError: there is none of this id.
        SecretRotatingError: it was given one within 24 hours.
    """

    async def job(wiring: Wiring, staff_name: str) -> KnownSubscription:
        return await rotate_secret(webhook_id, wiring.ports, wiring.terms, staff_name=staff_name)

    known = run(as_staff(staff, StaffCommand.WEBHOOKS_ROTATE_SECRET, job))
    show_secret_to_terminal(known, as_json=as_json)


def redeliver_to_terminal(webhook_id: UUID, event_id: UUID, *, staff: str, as_json: bool) -> None:
    """Make a delivery due again and show it.

    Raises:
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError, DeliveryNotFoundError: there is none.
        SubscriptionPausedError: it is paused.
    """

    async def job(wiring: Wiring, staff_name: str) -> Delivery:
        return await redeliver(webhook_id, event_id, wiring.ports, staff_name=staff_name)

    delivery = run(as_staff(staff, StaffCommand.WEBHOOKS_REDELIVER, job))
    show_delivery_to_terminal(delivery, as_json=as_json)


def send_test_to_terminal(webhook_id: UUID, *, staff: str, as_json: bool) -> None:
    """Send a test event and show its delivery.

    Raises:
        PermissionDeniedError: staff may not.
        SubscriptionNotFoundError: there is none of this id.
        SubscriptionPausedError: it is paused.
    """

    async def job(wiring: Wiring, staff_name: str) -> Delivery:
        event_id = await send_test_event(webhook_id, wiring.ports, staff_name=staff_name)
        return await look_up_delivery(webhook_id, event_id, wiring.ports)

    delivery = run(as_staff(staff, StaffCommand.WEBHOOKS_TEST, job))
    show_delivery_to_terminal(delivery, as_json=as_json)


def _change(
    webhook_id: UUID,
    given: Mapping[str, object],
    command: StaffCommand,
    *,
    staff: str,
    as_json: bool,
) -> None:
    body: WebhookChangesBody = structure_body(_stated(given), WebhookChangesBody)

    async def job(wiring: Wiring, staff_name: str) -> Subscription:
        return await change_subscription(
            webhook_id, body.to_changes(), wiring.ports, staff_name=staff_name
        )

    show_to_terminal(run(as_staff(staff, command, job)), as_json=as_json)


def _stated(given: Mapping[str, object]) -> bytes:
    stated = {name: value for name, value in given.items() if value is not None}
    return json.dumps(stated).encode()
