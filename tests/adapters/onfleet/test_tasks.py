"""What a task is told to Onfleet, and how its answers are read."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.adapters.onfleet.courier_orders import (
    ADDRESS,
    PHONE,
    TASK,
    ScriptedOnfleet,
    gateway_to,
    marks,
    ok,
    refused,
    task_answer,
    task_order,
)
from tests.builders import PICKUP_AT
from totetaxi_adapters.onfleet.answer_fields import instant, milliseconds
from totetaxi_adapters.onfleet.destination import mark_of
from totetaxi_adapters.onfleet.task_answer import provider_task
from totetaxi_adapters.onfleet.task_state import status_of
from totetaxi_core.logistics.courier_gateway import (
    CourierRefusedError,
    CourierTaskNotFoundError,
)
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg

TEAM = "w7Q2rB~nKc4*Zx19dLfT0aVh"
WORKER = "c3Yt~Q9zRw*0LmX5vBn8KdHs"
GONE = refused(404, 1402, code="ResourceNotFound")


async def sent_for(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  an order's fields
    onfleet = ScriptedOnfleet(ok(task_answer()))
    async with gateway_to(onfleet, team_id=TEAM) as gateway:
        await gateway.create_task(task_order(**changes))
    body: dict[str, Any] = onfleet.sent()
    return body


async def test_given_a_pickup_when_created_then_the_request_holds_what_the_driver_needs() -> None:
    onfleet, order = ScriptedOnfleet(ok(task_answer())), task_order()

    async with gateway_to(onfleet, team_id=TEAM) as gateway:
        made = await gateway.create_task(order)

    [request], body = onfleet.asked, onfleet.sent()
    assert request.url.path == "/sandbox/onfleet/api/v2/tasks"
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(b'key:').decode()}"
    assert (made.id, made.short_id, made.status) == (TASK, "7be01c4d", CourierTaskStatus.CREATED)
    assert body["recipients"] == [{"name": "Ann Lee", "phone": PHONE, "skipSMSNotifications": True}]
    assert (body["recipientName"], body["recipientSkipSMSNotifications"]) == ("Ann Lee", True)
    # 2026-12-01, 09:00 in New York; milliseconds have thirteen digits.
    assert (body["completeAfter"], body["completeBefore"]) == (1_796_133_600_000, 1_796_137_200_000)
    assert (body["pickupTask"], body["quantity"], body["serviceTime"]) == (True, 4, 20)
    assert body["container"] == {"type": "TEAM", "team": TEAM}
    assert body["requirements"] == {"photo": True, "signature": False}
    assert "dependencies" not in body
    told = {one["name"]: (one["type"], one["value"]) for one in body["metadata"]}
    assert told["task_id"] == ("string", str(order.task_id))
    assert told["booking_id"] == ("string", str(order.booking_id))
    assert (told["leg"], told["booking_number"]) == (
        ("string", "pickup"),
        ("string", "TT-7K3M9QXA"),
    )


async def test_given_a_dropoff_when_created_then_it_waits_for_the_pickup_and_is_signed_for() -> (
    None
):
    body = await sent_for(leg=Leg.DROPOFF, after_onfleet_task_id=TASK)

    assert (body["dependencies"], body["pickupTask"]) == ([TASK], False)
    assert body["requirements"] == {"photo": True, "signature": True}


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        (None, "Booking TT-7K3M9QXA"),
        ("212 555 0147", "Booking TT-7K3M9QXA\nContact: Ann Lee, 212 555 0147"),
        ("+1234567890", "Booking TT-7K3M9QXA\nContact: Ann Lee, +1234567890"),
        ("+1 212 555 0147", "Booking TT-7K3M9QXA\nContact: Ann Lee, +1 212 555 0147"),
    ],
)
async def test_given_no_number_in_e164_when_created_then_there_is_no_recipient(
    phone: str | None, said: str
) -> None:
    body = await sent_for(phone=phone)

    assert (body["recipients"], body["notes"]) == ([], said)
    assert "recipientName" not in body


async def test_given_a_window_that_is_over_and_long_notes_when_created_then_both_are_cut() -> None:
    onfleet, late = ScriptedOnfleet(ok(task_answer())), PICKUP_AT + timedelta(hours=1)

    async with gateway_to(onfleet, now=late) as gateway:
        await gateway.create_task(task_order(notes="x" * 20_000))

    body = onfleet.sent()
    assert body.keys().isdisjoint({"completeAfter", "completeBefore", "container"})
    assert len(body["notes"]) == 10_000


@pytest.mark.parametrize(
    ("state", "success", "status"),
    [
        (0, None, CourierTaskStatus.CREATED),
        (1, None, CourierTaskStatus.ASSIGNED),
        (2, None, CourierTaskStatus.ACTIVE),
        (3, True, CourierTaskStatus.COMPLETED),
        (3, False, CourierTaskStatus.FAILED),
        (3, None, None),
        (4, True, None),
        (True, None, None),
        ("2", None, None),
        (None, None, None),
    ],
)
def test_given_a_state_when_mapped_then_only_a_success_is_completed(
    state: object, *, success: bool | None, status: CourierTaskStatus | None
) -> None:
    mapped = status_of(state, success=success)

    assert mapped is status


def test_given_a_failed_task_when_read_then_all_that_the_driver_left_is_there() -> None:
    details = {
        "success": False,
        "time": 1_796_134_921_402,
        "failureReason": "NOBODY_HOME",
        "failureNotes": "Rang twice",
        "notes": "Dog in the yard",
        "photoUploadId": "5d0c",
        "photoUploadIds": ["5d0c", None, {"uploadId": "x"}, "7a1b"],
        "signatureUploadId": "99ff",
        "events": [{"name": "arrival", "time": 2}, {"name": "start", "time": 1_796_132_400_115}],
    }
    ours = task_order()
    metadata = marks(task_id=str(ours.task_id), booking_id=str(ours.booking_id), leg="dropoff")
    place = {"location": [2.35, 48.85], "warnings": ["PARTIAL_MATCH", 3]}

    task = provider_task(
        task_answer(
            state=3,
            completionDetails=details,
            metadata=metadata,
            destination=place,
            worker=WORKER,
            eta=1_796_134_000_500.0,
        )
    )

    assert task.status is CourierTaskStatus.FAILED
    assert (task.failure_reason, task.driver_notes) == (
        "NOBODY_HOME: Rang twice",
        "Dog in the yard",
    )
    assert (task.photo_ids, task.signature_id) == (("5d0c", "7a1b"), "99ff")
    assert (task.task_id, task.booking_id, task.leg) == (
        ours.task_id,
        ours.booking_id,
        Leg.DROPOFF,
    )
    assert task.address_warnings == ("PARTIAL_MATCH", "OUT_OF_AREA")
    assert task.worker_id == WORKER
    assert task.estimated_arrival_at == datetime(2026, 12, 1, 14, 6, 40, 500_000, tzinfo=UTC)
    assert task.started_at == instant({"at": 1_796_132_400_115}, "at")
    assert task.completed_at == instant({"at": 1_796_134_921_402}, "at")


def test_given_the_least_there_can_be_when_read_then_the_rest_is_not_there() -> None:
    least = {"id": TASK, "state": 1, "timeCreated": 1_796_043_600_000, "metadata": "none"}

    task = provider_task(least | {"completionDetails": None, "destination": "rV9*", "eta": 1e30})

    assert (task.status, task.changed_at) == (CourierTaskStatus.ASSIGNED, task.created_at)
    assert (task.task_id, task.leg, task.photo_ids, task.address_warnings) == (None, None, (), ())
    assert (task.tracking_url, task.estimated_arrival_at, task.failure_reason) == ("", None, "")


def test_given_words_that_no_database_takes_when_read_then_the_rest_of_them_is_kept() -> None:
    details = {"success": True, "notes": "left\0 at \ud83c door", "photoUploadIds": ["a\0b"]}

    read = provider_task(task_answer(state=3, completionDetails=details))

    assert (read.driver_notes, read.photo_ids) == ("left at ? door", ("ab",))


def test_given_an_instant_when_written_and_read_then_it_is_the_same_millisecond() -> None:
    at = datetime(2026, 3, 8, 7, 0, 0, 123_999, tzinfo=UTC)

    written = milliseconds(at)

    assert written == 1_772_953_200_123
    assert instant({"at": written}, "at") == at.replace(microsecond=123_000)


async def test_given_several_with_our_mark_when_searched_then_the_oldest_is_ours() -> None:
    task_id = UUID(int=7)
    mine = marks(task_id=str(task_id))
    older, newer, other = (
        task_answer(id=name, timeCreated=at, metadata=found)
        for name, at, found in (("old", 1_000, mine), ("new", 2_000, mine), ("other", 1, marks()))
    )
    onfleet = ScriptedOnfleet(ok([newer, other, older]))

    async with gateway_to(onfleet) as gateway:
        found = await gateway.find_task(task_id)

    assert found is not None
    assert found.id == "old"
    assert onfleet.sent() == [{"name": "task_id", "type": "string", "value": str(task_id)}]


async def test_given_the_same_place_when_updated_then_no_destination_is_made() -> None:
    order = task_order(notes="New notes")
    standing = task_answer(metadata=marks(address_mark=mark_of(ADDRESS)))
    onfleet = ScriptedOnfleet(ok(standing), ok(standing))

    async with gateway_to(onfleet) as gateway:
        await gateway.update_task(TASK, order)

    assert onfleet.calls == [f"GET /tasks/{TASK}", f"PUT /tasks/{TASK}"]
    body = onfleet.sent()
    assert body["notes"] == "New notes"
    assert body.keys().isdisjoint({"destination", "recipients", "container"})
    assert "$set" in body["metadata"]  # a bare list would wipe out the others'


async def test_given_another_place_when_updated_then_the_task_goes_to_a_new_destination() -> None:
    moved = replace(ADDRESS, address_line_1="1 Main St", point=None)
    standing = task_answer(metadata=marks(address_mark=mark_of(ADDRESS)))
    onfleet = ScriptedOnfleet(ok(standing), ok({"id": "dest*1"}), refused(400, 1002), ok(standing))

    async with gateway_to(onfleet) as gateway:
        updated = await gateway.update_task(TASK, task_order(address=moved))

    assert updated.id == TASK  # nothing to change is as good as changed
    assert onfleet.calls[1:] == [
        "POST /destinations",
        f"PUT /tasks/{TASK}",
        f"GET /tasks/{TASK}",
    ]
    assert onfleet.sent(1)["address"]["number"] == "1"
    assert onfleet.sent(2)["destination"] == "dest*1"


async def test_given_a_task_under_way_when_updated_then_only_its_notes_are() -> None:
    onfleet = ScriptedOnfleet(ok(task_answer(state=2)))

    async with gateway_to(onfleet) as gateway:
        await gateway.update_task(TASK, task_order(notes="Gate code 12"))

    assert onfleet.sent() == {"notes": "Gate code 12"}


@pytest.mark.parametrize("state", [2, 3])
async def test_given_a_task_under_way_or_over_when_deleted_or_assigned_then_it_is_left_alone(
    state: int,
) -> None:
    standing = task_answer(state=state, completionDetails={"success": True})
    onfleet = ScriptedOnfleet(ok(standing))

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierRefusedError):
            await gateway.delete_task(TASK)
        with pytest.raises(CourierRefusedError):
            await gateway.assign_task(TASK, WORKER)

    assert onfleet.calls == [f"GET /tasks/{TASK}"] * 2


@pytest.mark.parametrize("replies", [(GONE,), (ok(task_answer()), GONE)])
async def test_given_a_task_that_is_gone_when_deleted_then_that_is_fine(
    replies: tuple[Any, ...],
) -> None:
    onfleet = ScriptedOnfleet(*replies)

    async with gateway_to(onfleet) as gateway:
        await gateway.delete_task(TASK)

    assert len(onfleet.asked) == len(replies)


async def test_given_a_driver_nobody_knows_when_assigned_then_it_is_the_driver_who_is_missing() -> (
    None
):
    there, gone = ok(task_answer()), GONE

    async with gateway_to(ScriptedOnfleet(there, gone, there)) as gateway:
        with pytest.raises(CourierRefusedError, match=r"no driver c3Yt~Q9zRw\*0LmX5vBn8KdHs"):
            await gateway.assign_task(TASK, WORKER)
    async with gateway_to(ScriptedOnfleet(there, gone, gone)) as gateway:
        with pytest.raises(CourierTaskNotFoundError):
            await gateway.assign_task(TASK, WORKER)


async def test_given_an_empty_answer_when_completed_then_it_is_done_in_one_try() -> None:
    onfleet = ScriptedOnfleet(ok(None))

    async with gateway_to(onfleet) as gateway:
        await gateway.complete_task(TASK, success=False, notes="Nobody home")

    assert onfleet.calls == [f"POST /tasks/{TASK}/complete"]
    assert onfleet.sent() == {"completionDetails": {"success": False, "notes": "Nobody home"}}


async def test_given_an_id_with_a_slash_when_read_then_it_does_not_lead_elsewhere() -> None:
    onfleet = ScriptedOnfleet(ok(task_answer()))

    async with gateway_to(onfleet) as gateway:
        await gateway.get_task("../workers?x=1")

    assert onfleet.asked[0].url.raw_path.endswith(b"/tasks/..%2Fworkers%3Fx%3D1")
