"""What drivers do: start, arrive, complete with proof, or fail."""

from typing import Final

from totetaxi_adapters.sandbox.onfleet.events import Trigger, emit
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.places import KIND as DESTINATION
from totetaxi_adapters.sandbox.onfleet.proofs import new_proof
from totetaxi_adapters.sandbox.onfleet.refusal import Json, invalid
from totetaxi_adapters.sandbox.onfleet.task_shape import (
    ACTIVE,
    COMPLETED,
    KIND,
    OWN,
    save_changed,
)

DRIVE_S: Final = 20 * 60
DISTANCE_M: Final = 6_120.4
NEAR_M: Final = 80
FAILURE: Final = "CUSTOMER_UNAVAILABLE"


async def is_held_up(organization: Organization, task: Json) -> bool:
    """Tell whether what must be done first is not."""
    done = await organization.select(
        KIND,
        "id = ANY(%s) AND body->'completionDetails'->>'success' = 'true'",
        task["dependencies"],
    )
    return len(done) < len(set(task["dependencies"]))


async def start(organization: Organization, task: Json) -> None:
    """Set off with an assigned task.

    Raises:
        OnfleetRefusal: another one must be completed first.
    """
    if await is_held_up(organization, task):
        raise invalid("A task this one depends on is not completed")
    now_ms = organization.now_ms
    task["state"] = ACTIVE
    task["eta"] = task["estimatedArrivalTime"] = now_ms + DRIVE_S * 1_000
    task["completionDetails"]["events"].append({"name": "start", "time": now_ms})
    shown = await save_changed(organization, task)
    await emit(organization, Trigger.TASK_STARTED, task=shown)
    await emit(organization, Trigger.TASK_ETA, task=shown, etaSeconds=DRIVE_S)


async def arrive(organization: Organization, task: Json) -> None:
    place = await organization.find(DESTINATION, task["destination"])
    event = {"name": "arrival", "time": organization.now_ms, "location": place["location"]}
    task["completionDetails"]["events"].append(event)
    shown = await save_changed(organization, task)
    await emit(organization, Trigger.TASK_ARRIVAL, task=shown, distance=NEAR_M)


async def finish(
    organization: Organization, task: Json, *, success: bool, notes: str = "", reason: str = ""
) -> None:
    """End a task that is under way, one way or the other, for ever."""
    place = await organization.find(DESTINATION, task["destination"])
    task["state"], task["eta"] = COMPLETED, None
    details = task["completionDetails"]
    details["events"].append({"name": "departure", "time": organization.now_ms})
    details |= {
        "success": success,
        "time": organization.now_ms,
        "notes": notes,
        "successNotes" if success else "failureNotes": notes,
        "firstLocation": place["location"],
        "lastLocation": place["location"],
        "distance": DISTANCE_M,
    }
    if not success:
        details["failureReason"] = reason or FAILURE
    shown = await save_changed(organization, task)
    trigger = Trigger.TASK_COMPLETED if success else Trigger.TASK_FAILED
    await emit(organization, trigger, task=shown)


async def attach_proof(organization: Organization, task: Json) -> None:
    """Leave a photo and a signature with the task; whoever saves it makes them known."""
    photo_id = await new_proof(organization, "photo")
    task["completionDetails"] |= {
        "photoUploadId": photo_id,
        "photoUploadIds": [photo_id],
        "signatureUploadId": await new_proof(organization, "signature"),
        "signatureText": "J. Doe",
    }


async def send_proof(organization: Organization, task: Json) -> None:
    """Let the proof arrive that was still on the driver's phone."""
    task[OWN]["proof_pending"] = False
    await attach_proof(organization, task)
    shown = await save_changed(organization, task)
    await emit(organization, Trigger.TASK_UPDATED, task=shown)
