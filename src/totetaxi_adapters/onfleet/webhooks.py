"""Our webhooks at Onfleet: one per trigger, each registered once."""

from typing import Final

from totetaxi_adapters.onfleet.answer_fields import Json, flag, number, parts, text
from totetaxi_adapters.onfleet.connection import OnfleetConnection
from totetaxi_core.logistics.courier_gateway import (
    CourierTaskNotFoundError,
    CourierUnavailableError,
    CourierWebhook,
)

PATH: Final = "/webhooks"
KINDS: Final = {
    0: "taskStarted",
    1: "taskEta",
    2: "taskArrival",
    3: "taskCompleted",
    4: "taskFailed",
    6: "taskCreated",
    7: "taskUpdated",
    8: "taskDeleted",
    9: "taskAssigned",
    10: "taskUnassigned",
    12: "taskDelayed",
}
"""The triggers about a task of ours. 5, 11 and those above are of others, or of nothing."""
DELETED: Final = 8
REGISTERED: Final = (0, 3, 4, 7, 8, 9, 10)
"""What changes a task as we keep it. The rest need thresholds, or tell of our own act."""


async def list_webhooks(connection: OnfleetConnection) -> tuple[CourierWebhook, ...]:
    """Return all of the organization's."""
    answer = await connection.call("GET", PATH)
    if not isinstance(answer, list):
        # Not knowing is no reason to register them all again.
        raise CourierUnavailableError("an answer without a list of webhooks")
    return tuple(_webhook(one) for one in parts(answer) if text(one, "id"))


async def register_webhooks(connection: OnfleetConnection, url: str) -> tuple[CourierWebhook, ...]:
    """Have each trigger of ours told to `url` once; return those webhooks.

    One that is disabled is made anew, which enables it; a second one is removed.
    """
    standing = [one for one in await list_webhooks(connection) if one.url == url]
    return tuple([await _one(connection, url, trigger, standing) for trigger in REGISTERED])


async def _one(
    connection: OnfleetConnection, url: str, trigger: int, standing: list[CourierWebhook]
) -> CourierWebhook:
    same = [one for one in standing if one.kind == KINDS[trigger]]
    kept = next((one for one in same if one.is_enabled), None)
    # The new one first: what happens in between is told twice rather than not at all.
    made = kept or await _create(connection, url, trigger)
    for one in same:
        if one.id != made.id:
            await _remove(connection, one.id)
    return made


async def _create(connection: OnfleetConnection, url: str, trigger: int) -> CourierWebhook:
    body = {"url": url, "name": f"ToteTaxi {KINDS[trigger]}", "trigger": trigger}
    answer = await connection.call("POST", PATH, body=body)
    told: Json = answer if isinstance(answer, dict) else {}
    if not text(told, "id"):
        raise CourierUnavailableError("an answer without a webhook")
    return CourierWebhook(
        id=text(told, "id"),
        url=url,
        kind=KINDS[trigger],
        is_enabled=flag(told, "isEnabled") is not False,
    )


async def _remove(connection: OnfleetConnection, webhook_id: str) -> None:
    try:
        await connection.call("DELETE", f"{PATH}/{webhook_id}")
    except CourierTaskNotFoundError:
        return  # somebody else was faster


def _webhook(told: Json) -> CourierWebhook:
    trigger = number(told, "trigger")
    return CourierWebhook(
        id=text(told, "id"),
        url=text(told, "url"),
        kind=kind_of(-1 if trigger is None else int(trigger)),
        is_enabled=flag(told, "isEnabled") is not False,
    )


def kind_of(trigger: int) -> str:
    """Return the trigger's name; of one that does not concern us, its number."""
    return KINDS.get(trigger, f"trigger {trigger}")
