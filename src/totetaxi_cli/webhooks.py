"""`totetaxi webhooks`."""

from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli.command_options import AsJson, Limit, Staff
from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.event_type import EventType

app = typer.Typer(
    help="Webhooks: which client systems hear of what happens, and what they got.",
    no_args_is_help=True,
)

WebhookId = Annotated[UUID, typer.Argument(metavar="ID", help="As `webhooks list` shows it.")]
Events = Annotated[
    list[EventType] | None,
    typer.Option(
        "--event",
        metavar="EVENT",
        help="An event it hears of, such as booking.confirmed; may be repeated.",
    ),
]


@app.command("list")
def list_(json: AsJson = False) -> None:
    """List the webhooks, paused ones too.

    Example: totetaxi webhooks list
    """
    from totetaxi_cli.webhook_views import list_to_terminal

    list_to_terminal(as_json=json)


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to send events; https.")],
    staff: Staff,
    event: Events = None,
    description: Annotated[
        str, typer.Option("--description", metavar="TEXT", help="Whose system it is.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Have a client system hear of events, all unless said; its secret is shown this once.

    Example: totetaxi webhooks add https://warehouse.example.com/totetaxi --as maria
    --event booking.confirmed --event delivery.completed
    """
    from totetaxi_cli.webhook_acts import add_to_terminal

    given = {
        "url": url,
        "event_types": [one.value for one in event] if event else None,
        "description": description,
    }
    add_to_terminal(given, staff=staff, as_json=json)


@app.command()
def change(
    webhook_id: WebhookId,
    staff: Staff,
    url: Annotated[
        str | None, typer.Option("--url", metavar="URL", help="Another address.")
    ] = None,
    event: Events = None,
    description: Annotated[
        str | None, typer.Option("--description", metavar="TEXT", help="Another one.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Change a webhook; the events given are all it will hear of.

    Example: totetaxi webhooks change 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    --event payment.succeeded
    """
    from totetaxi_cli.webhook_acts import change_to_terminal

    given = {
        "url": url,
        "event_types": [one.value for one in event] if event else None,
        "description": description,
    }
    change_to_terminal(webhook_id, given, staff=staff, as_json=json)


@app.command()
def pause(webhook_id: WebhookId, staff: Staff, json: AsJson = False) -> None:
    """Call a webhook no more for now; what it is owed is kept.

    Example: totetaxi webhooks pause 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    """
    from totetaxi_cli.webhook_acts import switch_to_terminal

    switch_to_terminal(webhook_id, "paused", staff=staff, as_json=json)


@app.command()
def resume(webhook_id: WebhookId, staff: Staff, json: AsJson = False) -> None:
    """Call a webhook again: it gets what it is owed, in order.

    Example: totetaxi webhooks resume 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    """
    from totetaxi_cli.webhook_acts import switch_to_terminal

    switch_to_terminal(webhook_id, "active", staff=staff, as_json=json)


@app.command()
def remove(webhook_id: WebhookId, staff: Staff) -> None:
    """Remove a webhook for good: what it is owed is not delivered any more.

    Example: totetaxi webhooks remove 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    """
    from totetaxi_cli.webhook_acts import remove_to_terminal

    remove_to_terminal(webhook_id, staff=staff)


@app.command("rotate-secret")
def rotate_secret(webhook_id: WebhookId, staff: Staff, json: AsJson = False) -> None:
    """Give a webhook another secret, shown this once; the former one signs too for 24 hours.

    Within these it is not given yet another.

    Example: totetaxi webhooks rotate-secret 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    """
    from totetaxi_cli.webhook_acts import rotate_secret_to_terminal

    rotate_secret_to_terminal(webhook_id, staff=staff, as_json=json)


@app.command()
def deliveries(
    webhook_id: WebhookId,
    state: Annotated[DeliveryState | None, typer.Option("--state", help="Only those.")] = None,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="TEXT", help="Older: what the last list ended with."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List what a webhook was sent and is owed, newest first; what ended is kept for 30 days.

    Example: totetaxi webhooks deliveries 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --state due
    """
    from totetaxi_cli.webhook_views import deliveries_to_terminal

    deliveries_to_terminal(webhook_id, state=state, limit=limit, after=after, as_json=json)


@app.command()
def redeliver(
    webhook_id: WebhookId,
    event_id: Annotated[
        UUID, typer.Argument(metavar="EVENT", help="As `webhooks deliveries` shows it.")
    ],
    staff: Staff,
    json: AsJson = False,
) -> None:
    """Deliver an event once more, within seconds, under the same `webhook-id`.

    Example: totetaxi webhooks redeliver 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10
    1b0a7c94-52a0-5a8e-8a58-6e0a55d1c3f7 --as maria
    """
    from totetaxi_cli.webhook_acts import redeliver_to_terminal

    redeliver_to_terminal(webhook_id, event_id, staff=staff, as_json=json)


@app.command("test")
def send_test(webhook_id: WebhookId, staff: Staff, json: AsJson = False) -> None:
    """Send an event of the type webhook.test; `webhooks deliveries` shows how it went.

    Example: totetaxi webhooks test 8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10 --as maria
    """
    from totetaxi_cli.webhook_acts import send_test_to_terminal

    send_test_to_terminal(webhook_id, staff=staff, as_json=json)
