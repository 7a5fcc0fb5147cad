"""Webhooks and what they got, on the terminal."""

from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.list_place import checked_place
from totetaxi_cli.output import moment, print_facts, print_json, print_table
from totetaxi_core.page import Page
from totetaxi_core.webhooks.delivery import Delivery, DeliveryState
from totetaxi_core.webhooks.manage_subscriptions import KnownSubscription
from totetaxi_core.webhooks.read_webhooks import find_deliveries, list_subscriptions
from totetaxi_core.webhooks.subscription import Subscription
from totetaxi_http.schemas.webhook import (
    WebhookDeliveryResponse,
    WebhookResponse,
    WebhookSecretResponse,
)
from totetaxi_http.wire.page import place_of, place_text


@attrs.frozen(kw_only=True)
class WebhookListResponse:
    results: tuple[WebhookResponse, ...]


@attrs.frozen(kw_only=True)
class DeliveryListResponse:
    """`next` is where to ask on from, with --after; null at the end."""

    results: tuple[WebhookDeliveryResponse, ...]
    next: str | None


def list_to_terminal(*, as_json: bool) -> None:
    """Print every webhook."""

    async def job(wiring: Wiring) -> tuple[Subscription, ...]:
        return await list_subscriptions(wiring.ports)

    found = run(job)
    if as_json:
        results = tuple(map(WebhookResponse.from_subscription, found))
        print_json(WebhookListResponse(results=results))
        return
    print_table(
        ("webhook", "state", "address", "events", "description", "failing since (UTC)"),
        (
            (
                one.id,
                _state(one),
                one.url,
                len(one.event_types),
                one.description,
                moment(one.failing_since),
            )
            for one in found
        ),
        right=frozenset({"events"}),
        empty="There is no webhook.",
    )


def deliveries_to_terminal(
    webhook_id: UUID, *, state: DeliveryState | None, limit: int, after: str | None, as_json: bool
) -> None:
    """Print a page of a webhook's deliveries.

    Raises:
        InvalidInputError: `after` is not what a list ended with.
        SubscriptionNotFoundError: there is none of this id.
    """
    place = place_of(checked_place(after))

    async def job(wiring: Wiring) -> Page[Delivery]:
        return await find_deliveries(
            webhook_id, wiring.ports, state=state, before=place, limit=limit
        )

    page = run(job)
    found = tuple(map(WebhookDeliveryResponse.from_delivery, page.entries))
    end = place_text(page.oldest)
    if as_json:
        print_json(DeliveryListResponse(results=found, next=end))
        return
    print_table(
        ("event", "type", "no.", "state", "attempts", "since (UTC)", "next (UTC)", "last error"),
        (
            (
                one.event_id,
                one.type,
                one.sequence,
                one.state,
                one.attempts,
                moment(one.created_at),
                moment(one.next_at),
                one.last_error,
            )
            for one in found
        ),
        right=frozenset({"no.", "attempts"}),
        empty="There is no such delivery.",
    )
    if end is not None:
        typer.echo(f"older ones: --after {end}")


def show_to_terminal(subscription: Subscription, *, as_json: bool) -> None:
    """Print one webhook."""
    if as_json:
        print_json(WebhookResponse.from_subscription(subscription))
        return
    print_facts(_facts(subscription))


def show_secret_to_terminal(known: KnownSubscription, *, as_json: bool) -> None:
    """Print a webhook with its secret."""
    if as_json:
        print_json(WebhookSecretResponse.from_known(known))
        return
    print_facts([*_facts(known.subscription), ("secret, shown this once", known.secret)])


def show_delivery_to_terminal(delivery: Delivery, *, as_json: bool) -> None:
    """Print one delivery."""
    response = WebhookDeliveryResponse.from_delivery(delivery)
    if as_json:
        print_json(response)
        return
    print_facts(
        [
            ("event", response.event_id),
            ("type", response.type),
            ("state", response.state),
            ("attempts", response.attempts),
            ("last error", response.last_error),
        ]
    )


def _state(subscription: Subscription) -> str:
    reason = subscription.pause_reason
    return subscription.state if reason is None else f"{subscription.state} ({reason})"


def _facts(subscription: Subscription) -> list[tuple[str, object]]:
    return [
        ("webhook", subscription.id),
        ("state", _state(subscription)),
        ("address", subscription.url),
        ("events", " ".join(sorted(subscription.event_types))),
        ("description", subscription.description),
    ]
