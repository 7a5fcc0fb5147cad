"""`totetaxi dispatch`: the board, tasks, looks at the courier, its drivers and webhooks."""

from uuid import uuid4

import pytest

from tests.cli.conftest import Runner, open_starts, order_of
from tests.cli.staffing import hire

AS_ROOT = ("--as", "root")


def test_given_a_booking_when_dispatched_then_people_and_programs_see_its_tasks(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hire(totetaxi, monkeypatch, "root", "admin").code == 0
    day, start = open_starts(totetaxi)[0]
    order = order_of(day, start)
    number = totetaxi("bookings", "create", *AS_ROOT, *order, "--json").json["booking"][
        "booking_number"
    ]

    unpaid = totetaxi("dispatch", "create", number, *AS_ROOT)
    assert totetaxi("bookings", "confirm", number, "--cash", *AS_ROOT).code == 0
    before = totetaxi("dispatch", "board", day, "--json").json
    made = totetaxi("dispatch", "create", number, *AS_ROOT, "--json").json
    [pickup, dropoff] = made["results"]
    synced = totetaxi("dispatch", "sync", pickup["id"], *AS_ROOT)
    every = totetaxi("dispatch", "sync", "--all", *AS_ROOT, "--json").json
    neither = totetaxi("dispatch", "sync", *AS_ROOT)
    first = totetaxi("dispatch", "tasks", "list", "--from", day, "--limit", "1", "--json").json
    rest = totetaxi("dispatch", "tasks", "list", "--after", first["next"])
    shown = totetaxi("dispatch", "tasks", "show", dropoff["id"])
    board = totetaxi("dispatch", "board", day)
    seen = totetaxi("dispatch", "dashboard", "--json").json
    desk = totetaxi("dispatch", "dashboard")
    acts = totetaxi("audit", "list", "--json").json["results"]

    assert (unpaid.code, unpaid.err.split(":")[0]) == (1, "not_drivable")
    assert [one["status"] for one in before["bookings"][0]["legs"]] == ["waiting", "waiting"]
    assert [one["status"] for one in made["results"]] == ["created", "created"]
    assert synced.out == "pickup is created; changed: nothing\n"
    assert every == {"synced": 2, "changed": 0, "refused": 0, "left": 0}
    assert neither.code == 2
    [listed] = first["results"]
    other = ({pickup["id"], dropoff["id"]} - {listed["id"]}).pop()
    assert other in rest.out
    assert listed["id"] not in rest.out
    assert dropoff["tracking_url"] in shown.out
    assert f"Board of {day}" in board.out
    assert board.out.count(number) == 1
    assert "Ada Lovelace" in board.out
    assert (seen["sync"]["open_tasks"], seen["backlog"]["waiting"]) == (2, 0)
    assert "open tasks" in desk.out
    done = [one["action_type"] for one in acts if not one["is_refused"]]
    assert done[:3] == ["courier_tasks_synced", "courier_task_synced", "courier_tasks_created"]
    assert [one["action_type"] for one in acts if one["is_refused"]] == ["dispatch"]


def test_given_the_sandbox_when_asked_then_its_drivers_and_webhooks_are_listed(
    totetaxi: Runner,
) -> None:
    workers = totetaxi("dispatch", "workers", "--json").json["results"]
    told = totetaxi("dispatch", "webhooks")
    nobody = totetaxi("dispatch", "webhooks", "--register", TOTETAXI_STAFF="")
    unanswered = totetaxi("dispatch", "webhooks", "--register", "--as", "maria")
    unknown = totetaxi("dispatch", "tasks", "show", str(uuid4()))

    assert workers
    assert any(one["is_on_duty"] for one in workers)
    assert workers[0]["name"] in totetaxi("dispatch", "workers").out
    assert told.code == 0
    assert "is not told of taskCompleted" in told.out
    assert nobody.code == 2
    assert (unanswered.code, unanswered.err.split(":")[0]) == (1, "courier_refused")
    assert (unknown.code, unknown.err.split(":")[0]) == (1, "courier_task_not_found")
