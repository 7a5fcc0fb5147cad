import re
from typing import Any

import httpx
import pytest

from tests.adapters.sandbox.onfleet.onfleet_server import (
    ADDRESS,
    HOUR_MS,
    KEY,
    NOW_MS,
    ORDER,
    OnfleetServer,
    refusal,
    running_onfleet,
)

UNUSABLE: tuple[tuple[dict[str, Any], int], ...] = (
    ({"destination": {"address": ADDRESS | {"street": "Nowhere Lane"}}}, 1000),
    ({"destination": {"address": {"unparsed": "1 Nowhere, New York, NY, USA"}}}, 1011),
    ({"destination": {"address": ADDRESS | {"city": ""}}}, 1000),
    (
        {"destination": {"address": {"unparsed": "1 Main St"}, "location": [-73.9, 40.7]}},
        1000,
    ),
    ({"recipients": [{"name": "Ada", "phone": "+1234567890"}]}, 1010),
    ({"recipients": [{"name": "A", "phone": "+12125550147"}] * 2}, 1000),
    ({"completeBefore": NOW_MS - 1, "completeAfter": None}, 1009),
    ({"completeBefore": NOW_MS + HOUR_MS}, 1009),
    ({"completeAfter": NOW_MS // 1_000}, 1000),
    ({"serviceTime": "10"}, 1000),
    ({"metadata": [{"name": "leg", "type": "number", "value": "1"}]}, 1000),
    ({"metadata": {"task_id": "1"}}, 1000),
    ({"notes": "x" * 10_001}, 1000),
    ({"notes": "a\0b"}, 1000),
    ({"note": "misspelt"}, 1000),
    ({"container": {"type": "WORKER", "worker": "none"}}, 1000),
    ({"container": {"type": "ORGANIZATION"}, "autoAssign": {"mode": "load"}}, 1000),
)
NONSENSE: tuple[tuple[str, str, bytes, int], ...] = (
    ("GET", "/tasks/%00", b"", 404),
    ("GET", "/tasks/no/such", b"", 404),
    ("PATCH", "/tasks", b"", 404),
    ("GET", "/tasks/all?from=1e3", b"", 400),
    ("GET", "/tasks/all?from=1&lastId=%00", b"", 400),
    ("POST", "/tasks", b"{", 400),
    ("POST", "/tasks", b"[]", 400),
    ("POST", "/tasks", b"\xff", 400),
    ("POST", "/tasks", b'{"quantity": 1e999}', 400),
    ("POST", "/tasks", b'{"notes": "\\ud800"}', 400),
    ("POST", "/tasks", b"[" * 100_000, 400),
    ("POST", "/tasks/metadata", b"[]", 400),
    ("PUT", "/tasks/none", b"{}", 404),
)
SEARCH = [{"name": "task_id", "type": "string", "value": "our-1"}]


async def test_given_an_order_when_created_then_the_task_is_as_onfleet_shows_it(
    onfleet: OnfleetServer,
) -> None:
    answer = await onfleet.call("POST", "/tasks", ORDER)

    task = answer.json()
    assert answer.status_code == 200
    assert re.fullmatch(r"[A-Za-z0-9*~]{24}", task["id"])
    assert re.fullmatch("[0-9a-f]{8}", task["shortId"])
    assert task["trackingURL"].startswith(f"{onfleet.url}/track/{task['shortId']}")
    assert (task["state"], task["worker"], task["eta"]) == (0, None, None)
    assert "success" not in task["completionDetails"]
    assert task["completionDetails"]["photoUploadIds"] is None
    assert task["recipients"][0]["phone"] == "+12125550147"
    assert task["destination"]["address"]["state"] == "New York"
    assert task["destination"]["address"]["street"] == "5th Avenue"
    longitude, latitude = task["destination"]["location"]
    assert -74 <= longitude <= -73 and 40 <= latitude <= 41  # noqa: PT018  one place
    assert task["timeCreated"] == NOW_MS


async def test_given_a_create_repeated_when_searched_by_metadata_then_there_are_two(
    onfleet: OnfleetServer,
) -> None:
    tasks = [await onfleet.create(), await onfleet.create()]
    await onfleet.create(metadata=[])

    found = await onfleet.ask("POST", "/tasks/metadata", SEARCH)
    others = await onfleet.ask("POST", "/tasks/metadata", [SEARCH[0] | {"value": "OUR-1"}])

    assert [task["id"] for task in found] == [task["id"] for task in tasks]
    assert others == []


async def test_given_one_phone_when_named_anew_then_the_recipient_is_renamed_for_everyone(
    onfleet: OnfleetServer,
) -> None:
    first = await onfleet.create()

    await onfleet.create(recipients=[{"name": "Bob", "phone": "(212) 555-0147"}])

    renamed = (await onfleet.get(first["id"]))["recipients"][0]
    assert (renamed["name"], renamed["notes"]) == ("Bob", "Rings twice")


async def test_given_orders_it_cannot_use_when_created_then_refused_and_nothing_made(
    onfleet: OnfleetServer,
) -> None:
    answers = [
        (await onfleet.call("POST", "/tasks", ORDER | fields), fields) for fields, _ in UNUSABLE
    ]

    told = [(refusal(answer), fields) for answer, fields in answers]
    assert told == [((400, "InvalidContent", subcode), fields) for fields, subcode in UNUSABLE]
    assert await onfleet.ask("POST", "/tasks/metadata", SEARCH) == []
    listed = await onfleet.call("GET", "/recipients/phone/+12125550147")
    assert refusal(listed) == (404, "ResourceNotFound", 1402)


async def test_given_a_vague_address_when_created_then_there_is_a_warning(
    onfleet: OnfleetServer,
) -> None:
    task = await onfleet.create(
        destination={"address": {"unparsed": "7 Partial Rd, Southampton, NY 11968, USA"}}
    )

    assert task["destination"]["warnings"] == ["PARTIAL_MATCH"]
    assert task["destination"]["address"]["number"] == "7"


async def test_given_a_phone_known_when_a_recipient_is_created_then_the_cause_is_an_object(
    onfleet: OnfleetServer,
) -> None:
    body = {"name": "Ada", "phone": "2125550147"}
    await onfleet.ask("POST", "/recipients", body)

    answer = await onfleet.call("POST", "/recipients", body)

    assert refusal(answer) == (400, "InvalidContent", 1004)
    cause = {"type": "duplicateKey", "key": "phone", "value": "+12125550147"}
    assert answer.json()["message"]["cause"] == cause


async def test_given_a_task_when_updated_then_by_ids_alone_and_never_without_a_change(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    place = await onfleet.ask("POST", "/destinations", {"address": ADDRESS | {"number": "1"}})
    window = {"completeAfter": NOW_MS + HOUR_MS, "completeBefore": NOW_MS + 2 * HOUR_MS}
    change = {"destination": place["id"], "notes": "new", **window}

    updated = await onfleet.ask("PUT", f"/tasks/{task_id}", change)
    again = await onfleet.call("PUT", f"/tasks/{task_id}", change)
    described = await onfleet.call(
        "PUT", f"/tasks/{task_id}", {"destination": {"address": ADDRESS}}
    )
    metadata = {"metadata": {"$set": [{"name": "leg", "type": "string", "value": "pickup"}]}}
    extended = await onfleet.ask("PUT", f"/tasks/{task_id}", metadata)

    assert updated["destination"]["address"]["number"] == "1"
    assert (updated["notes"], updated["completeAfter"]) == ("new", NOW_MS + HOUR_MS)
    assert updated["timeLastModified"] > NOW_MS
    assert refusal(again) == (400, "InvalidContent", 1002)
    assert refusal(described) == (400, "InvalidContent", 1000)
    assert [entry["name"] for entry in extended["metadata"]] == ["task_id", "leg"]


async def test_given_a_task_started_when_updated_then_only_notes_and_metadata_change(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    await onfleet.moved(task_id, "active")

    noted = await onfleet.ask("PUT", f"/tasks/{task_id}", {"notes": "gate code 12"})
    moved = await onfleet.call("PUT", f"/tasks/{task_id}", {"completeAfter": None})
    await onfleet.moved(task_id, "completed")
    late = await onfleet.call("PUT", f"/tasks/{task_id}", {"notes": "late"})

    assert noted["notes"] == "gate code 12"
    assert [refusal(answer)[0] for answer in (moved, late)] == [400, 400]


async def test_given_tasks_when_deleted_then_only_before_they_start_and_the_dependent_first(
    onfleet: OnfleetServer,
) -> None:
    pickup = (await onfleet.create())["id"]
    dropoff = (await onfleet.create(dependencies=[pickup], pickupTask=False))["id"]

    too_early = await onfleet.call("DELETE", f"/tasks/{pickup}")
    deleted = [await onfleet.call("DELETE", f"/tasks/{one}") for one in (dropoff, pickup)]
    gone = [await onfleet.call(method, f"/tasks/{pickup}") for method in ("GET", "DELETE")]
    started = (await onfleet.create())["id"]
    await onfleet.moved(started, "active")
    too_late = await onfleet.call("DELETE", f"/tasks/{started}")

    assert [(answer.status_code, answer.content) for answer in deleted] == [(200, b"")] * 2
    assert [refusal(answer) for answer in gone] == [(404, "ResourceNotFound", 1402)] * 2
    assert [refusal(answer)[0] for answer in (too_early, too_late)] == [400, 400]


async def test_given_a_task_when_force_completed_then_only_while_under_way(
    onfleet: OnfleetServer,
) -> None:
    task_id = (await onfleet.create())["id"]
    body = {"completionDetails": {"success": False, "notes": "cancelled"}}
    path = f"/tasks/{task_id}/complete"

    early = await onfleet.call("POST", path, body)
    await onfleet.moved(task_id, "active")
    done = await onfleet.call("POST", path, body)
    again = await onfleet.call("POST", path, body)
    task = await onfleet.get(task_id)

    assert [refusal(answer)[0] for answer in (early, again)] == [400, 400]
    assert (done.status_code, done.content) == (200, b"")
    assert (task["state"], task["completionDetails"]["success"]) == (3, False)
    assert task["completionDetails"]["notes"] == "cancelled"
    assert task["completionDetails"]["photoUploadIds"] is None


async def test_given_more_than_a_page_when_listed_by_state_then_pages_may_be_short(
    onfleet: OnfleetServer,
) -> None:
    ids = [(await onfleet.create(recipients=[]))["id"] for _ in range(66)]
    await onfleet.moved(ids[0], "completed")
    await onfleet.ask("DELETE", f"/tasks/{ids[63]}")

    first = await onfleet.ask("GET", f"/tasks/all?from={NOW_MS}&state=0,1,2")
    await onfleet.ask("DELETE", f"/tasks/{first['lastId']}")
    second = await onfleet.ask(
        "GET", f"/tasks/all?from={NOW_MS}&state=0,1,2&lastId={first['lastId']}"
    )
    later = await onfleet.ask("GET", f"/tasks/all?from={NOW_MS + 1}")
    without = await onfleet.call("GET", "/tasks/all")

    assert first["lastId"] == ids[64]
    listed = [task["id"] for page in (first, second) for task in page["tasks"]]
    assert listed == [one for one in ids if one not in (ids[0], ids[63])]
    assert "lastId" not in second
    assert later == {"tasks": []}
    assert refusal(without)[0] == 400


async def test_given_drivers_when_listed_then_by_state_and_with_what_was_asked_for(
    onfleet: OnfleetServer,
) -> None:
    everyone = await onfleet.ask("GET", "/workers")
    off_duty = await onfleet.ask("GET", "/workers?states=0&filter=name")

    on_duty = [worker for worker in everyone if worker["onDuty"]]
    assert len(on_duty) == 6
    assert [set(worker) for worker in off_duty] == [{"id", "name"}]
    one = await onfleet.ask("GET", f"/workers/{on_duty[0]['id']}")
    team = await onfleet.ask("GET", f"/teams/{one['teams'][0]}")
    assert one["id"] in team["workers"]


@pytest.mark.parametrize("way", ["task", "container", "create"])
async def test_given_a_driver_when_given_a_task_then_it_is_assigned(
    onfleet: OnfleetServer, way: str
) -> None:
    driver = (await onfleet.ask("GET", "/workers"))[2]["id"]
    container = {"type": "WORKER", "worker": driver}
    task = await onfleet.create(**({"container": container} if way == "create" else {}))

    if way == "task":
        await onfleet.ask("PUT", f"/tasks/{task['id']}", {"container": container})
    if way == "container":
        await onfleet.ask("PUT", f"/containers/workers/{driver}", {"tasks": [task["id"]]})

    found = await onfleet.get(task["id"])
    assert (found["state"], found["worker"], found["container"]) == (1, driver, container)
    listed = await onfleet.ask("GET", f"/workers/{driver}/tasks")
    assert [one["id"] for one in listed["tasks"]] == [task["id"]]


@pytest.mark.parametrize(
    ("auth", "subcode"), [(None, 1101), (("wrong", ""), 1102), ((KEY, "a password"), 1102)]
)
async def test_given_another_key_when_called_then_unauthorized(
    onfleet: OnfleetServer, auth: tuple[str, str] | None, subcode: int
) -> None:
    async with httpx.AsyncClient(auth=auth, trust_env=False) as http:
        answer = await http.get(f"{onfleet.api_url}/auth/test")

    assert refusal(answer) == (401, "InvalidCredentials", subcode)
    assert (await onfleet.ask("GET", "/auth/test"))["status"] == 200


async def test_given_calls_that_make_no_sense_when_sent_then_refused_in_onfleets_words(
    onfleet: OnfleetServer,
) -> None:
    answers = [
        await onfleet.http.request(method, f"{onfleet.api_url}{path}", content=body)
        for method, path, body, _ in NONSENSE
    ]

    told = [(*sent[:3], refusal(answer)[0]) for sent, answer in zip(NONSENSE, answers, strict=True)]
    assert told == list(NONSENSE)


async def test_given_twenty_calls_a_second_when_more_come_then_429_and_later_well_again(
    sandbox_database: str,
) -> None:
    async with running_onfleet(sandbox_database, calls_per_s=3) as server:
        answers = [await server.call("GET", "/auth/test") for _ in range(5)]
        refused = next(answer for answer in answers if answer.status_code == 429)
        after = refused
        while after.status_code == 429:
            after = await server.call("GET", "/auth/test")

    assert refusal(refused) == (429, "TooManyRequests", 2300)
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert answers[0].headers["x-ratelimit-limit"] == "3"
    assert answers[0].headers["x-ratelimit-remaining"] == "2"
    assert after.status_code == 200


async def test_given_a_process_gone_when_another_serves_then_it_knows_everything(
    sandbox_database: str,
) -> None:
    async with running_onfleet(sandbox_database) as one:
        task_id = (await one.create())["id"]

    async with running_onfleet(sandbox_database) as two:
        found = await two.get(task_id)

    assert found["notes"] == ORDER["notes"]
