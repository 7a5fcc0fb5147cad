"""A task as it is kept, and as Onfleet shows it."""

import secrets
from typing import Any, Final

from totetaxi_adapters.sandbox.onfleet.ids import ADMIN, ORGANIZATION, new_id, new_short_id
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.places import KIND as DESTINATION
from totetaxi_adapters.sandbox.onfleet.recipients import KIND as RECIPIENT
from totetaxi_adapters.sandbox.onfleet.refusal import Json

KIND: Final = "task"
UNASSIGNED, ASSIGNED, ACTIVE, COMPLETED = range(4)
OWN: Final = "sandbox"  # what of a kept task is not Onfleet's
TRACK_PATH: Final = "/sandbox/onfleet/track/"


def new_task(organization: Organization, given: Json) -> Json:
    """Return a task nobody has touched, with what the call gave it."""
    short_id = new_short_id()
    token = short_id + secrets.token_hex(1)
    return {
        "id": new_id(),
        "shortId": short_id,
        "orderShortId": None,
        "trackingURL": f"{organization.pages_url}{TRACK_PATH}{token}",
        "trackingViewed": False,
        "timeCreated": organization.now_ms // 1_000 * 1_000,
        "timeLastModified": organization.now_ms,
        "organization": ORGANIZATION,
        "merchant": ORGANIZATION,
        "executor": ORGANIZATION,
        "creator": ADMIN,
        "state": UNASSIGNED,
        "type": 0,
        "worker": None,
        "eta": None,
        "estimatedArrivalTime": None,
        "estimatedCompletionTime": None,
        "delayTime": None,
        "completionDetails": _nothing_done(),
        "feedback": [],
        "identity": {"checksum": None, "failedScanCount": 0},
        OWN: {"token": token, "step_s": None, "proof_pending": False},
        **given,
    }


async def shown_task(organization: Organization, task: Json) -> Json:
    """Return the task with its destination and recipients as they are now."""
    recipients = [await organization.find(RECIPIENT, one) for one in task["recipients"]]
    destination = await organization.find(DESTINATION, task["destination"])
    shown = task | {"recipients": recipients, "destination": destination}
    del shown[OWN]
    return shown


async def save_changed(organization: Organization, task: Json) -> Json:
    """Store a task that was changed now, and return it as it is shown.

    Its time of change never stands still, however coarse the clock.
    """
    task["timeLastModified"] = max(organization.now_ms, task["timeLastModified"] + 1)
    await organization.save(task)
    return await shown_task(organization, task)


def container_of(task: Json) -> Json:
    container: dict[str, Any] = task["container"]
    return container


def _nothing_done() -> Json:
    return {
        "failureReason": "NONE",
        "failureNotes": "",
        "successNotes": "",
        "notes": "",
        "events": [],
        "actions": [],
        "time": None,
        "signatureUploadId": None,
        "photoUploadId": None,
        "photoUploadIds": None,
        "firstLocation": [],
        "lastLocation": [],
        "unavailableAttachments": [],
    }
