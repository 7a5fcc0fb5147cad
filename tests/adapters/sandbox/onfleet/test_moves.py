import asyncio

import httpx
import puremagic
import pytest

from tests.adapters.sandbox.onfleet.onfleet_server import OnfleetServer
from tests.adapters.sandbox.serving import DEADLINE_S

BAD_BODIES = (
    ("move", b"[]"),
    ("move", b'{"task_id": "x"}'),
    ("move", b'{"task_id": "x", "to": "moon"}'),
    ("move", b'{"task_id": "a\\u0000", "to": "active"}'),
    ("move", b'{"task_id": "x", "to": "completed", "proof_after_s": -1}'),
    ("autopilot", b"{}"),
    ("autopilot", b'{"all": true, "task_id": "x", "step_s": 1}'),
    ("faults", b"{}"),
    ("faults", b'[{"action": "explode"}]'),
)


async def test_given_a_task_when_moved_to_its_end_then_everything_on_the_way_has_happened(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]

    assigned = await onfleet.moved(task_id, "assigned")
    active = await onfleet.moved(task_id, "active")
    answer = await onfleet.move(task_id, "completed", notes="With the porter")
    done = await onfleet.get(task_id)

    details = done["completionDetails"]
    assert [one["state"] for one in (assigned, active, done)] == [1, 2, 3]
    assert assigned["estimatedArrivalTime"] > assigned["timeCreated"]
    assert active["eta"] > active["timeCreated"]
    assert answer.json()["photo_ids"] == details["photoUploadIds"]
    assert [event["name"] for event in details["events"]] == ["start", "arrival", "departure"]
    assert (details["success"], details["notes"]) == (True, "With the porter")
    times = [one["timeLastModified"] for one in (assigned, active, done)]
    assert times == sorted(set(times))


async def test_given_proof_when_read_then_photo_and_signature_are_pictures(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    details = (await onfleet.moved(task_id, "completed"))["completionDetails"]
    ids = [*details["photoUploadIds"], details["signatureUploadId"]]

    async with httpx.AsyncClient(trust_env=False) as http:
        pictures = [await http.get(f"{onfleet.url}/uploads/{one}") for one in ids]
        sized = await http.get(f"{onfleet.url}/uploads/{ids[0]}/800x.png")
        unknown = await http.get(f"{onfleet.url}/uploads/none")

    assert [puremagic.from_string(one.content) for one in pictures] == [".png", ".png"]
    assert pictures[0].headers["content-type"] == "image/png"
    assert pictures[0].content == sized.content != pictures[1].content
    assert unknown.status_code == 404


async def test_given_a_poor_line_when_completed_then_the_proof_comes_later(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]

    task = await onfleet.moved(task_id, "completed", proof_after_s=0.3)
    before = task["completionDetails"]["photoUploadIds"]
    async with asyncio.timeout(DEADLINE_S):
        while not task["completionDetails"]["photoUploadIds"]:
            await asyncio.sleep(0.05)
            task = await onfleet.get(task_id)

    assert before is None
    assert task["completionDetails"]["signatureUploadId"]


async def test_given_linked_tasks_when_moved_then_the_second_waits_and_has_the_same_driver(
    onfleet: OnfleetServer,
) -> None:
    pickup = (await onfleet.create())["id"]
    dropoff = (await onfleet.create(dependencies=[pickup], metadata=[]))["id"]

    early = await onfleet.move(dropoff, "active")
    first = await onfleet.moved(pickup, "completed")
    second = await onfleet.moved(dropoff, "active")

    assert early.status_code == 400
    assert second["worker"] == first["worker"]


async def test_given_any_id_of_a_task_when_moved_then_it_is_found(onfleet: OnfleetServer) -> None:
    task = await onfleet.create()

    answers = [
        await onfleet.move(name, "active") for name in (task["id"], task["shortId"], "our-1")
    ]

    told = [(answer.json()["task_id"], answer.json()["state"]) for answer in answers]
    assert told == [(task["id"], 2)] * 3


async def test_given_a_task_over_when_moved_on_then_only_to_where_it_is(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    await onfleet.moved(task_id, "failed")

    answers = {
        to: (await onfleet.move(task_id, to)).status_code
        for to in ("assigned", "active", "completed", "failed", "deleted", "unassigned")
    }

    assert answers == dict.fromkeys(answers, 400) | {"failed": 200}


async def test_given_the_autopilot_when_on_for_all_then_tasks_and_later_ones_drive_themselves(
    onfleet: OnfleetServer,
) -> None:
    pickup = (await onfleet.create())["id"]
    answer = await onfleet.http.post(f"{onfleet.url}/autopilot", json={"all": True, "step_s": 0.05})
    dropoff = (await onfleet.create(dependencies=[pickup]))["id"]

    done = await onfleet.wait_for_state(dropoff, 3)

    first = await onfleet.get(pickup)
    assert answer.json() == {"tasks": 1, "step_s": 0.05}
    assert first["completionDetails"]["time"] <= done["completionDetails"]["time"]
    assert done["completionDetails"]["photoUploadIds"]


async def test_given_the_autopilot_when_ended_then_tasks_stay_where_they_are(
    onfleet: OnfleetServer,
) -> None:
    one, other = (await onfleet.create())["id"], (await onfleet.create())["id"]
    url = f"{onfleet.url}/autopilot"
    await onfleet.http.post(url, json={"all": True, "step_s": 60})
    await onfleet.http.post(url, json={"all": True})

    await onfleet.http.post(url, json={"task_id": one, "step_s": 0.05})
    await onfleet.wait_for_state(one, 3)

    assert (await onfleet.get(other))["state"] == 0


async def test_given_bad_bodies_when_sent_then_each_is_a_400(onfleet: OnfleetServer) -> None:
    answers = [
        (await onfleet.http.post(f"{onfleet.url}/{path}", content=body), body)
        for path, body in BAD_BODIES
    ]

    told = [(answer.status_code, answer.json()["code"], body) for answer, body in answers]
    assert told == [(400, "InvalidContent", body) for _, body in BAD_BODIES]


async def test_given_no_such_task_when_moved_then_it_is_a_404(onfleet: OnfleetServer) -> None:
    answer = await onfleet.move("none", "active")

    assert answer.status_code == 404


async def test_given_refuse_and_drop_faults_when_called_then_they_fail_as_planned(
    onfleet: OnfleetServer,
) -> None:
    path = "/api/v2/tasks"
    await onfleet.plan_faults(
        {"action": "refuse", "path": path, "status": 503, "times": 1},
        {"action": "refuse", "path": path, "status": 429, "times": 1},
        {"action": "drop_after_acting", "path": path, "times": 1},
    )

    refused = [await onfleet.call("POST", "/tasks", {"destination": {}}) for _ in range(2)]
    with pytest.raises(httpx.RemoteProtocolError):
        await onfleet.create()

    search = [{"name": "task_id", "type": "string", "value": "our-1"}]
    assert [answer.status_code for answer in refused] == [503, 429]
    assert refused[0].headers["content-type"] == "text/html"
    assert len(await onfleet.ask("POST", "/tasks/metadata", search)) == 1
