"""Helicopter services over HTTP: by those who manage them, each write a price book version."""

from typing import Any

import pytest

from tests.http.staff.conftest import Desk
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

NEW = {
    "name": "Manhattan to Montauk",
    "aircraft_type": "Bell 407",
    "price_per_mile_cents": 2_700,
    "minimum_price_cents": 60_000,
}


@pytest.fixture(autouse=True)
async def people(desk: Desk) -> None:
    """Maria manages helicopters and no other price; lou manages prices and no helicopters."""
    await desk.hire("maria", Role.LOGISTICS, Flag.CAN_MANAGE_BLADE_SERVICES)
    await desk.hire("lou", Role.LOGISTICS, Flag.CAN_MANAGE_PRICING)


async def sold(desk: Desk) -> list[dict[str, Any]]:
    await desk.wiring.current_book.refresh()
    answer = await desk.http.get("/api/public/services")
    found: list[dict[str, Any]] = answer.json()["blade_services"]
    return found


async def test_given_a_new_service_when_created_then_it_is_sold_and_on_record(desk: Desk) -> None:
    created = await desk.post("blade-services", NEW, by="maria")

    told = created.json()
    act = await desk.last_act()
    assert (created.status_code, created.headers["etag"]) == (201, '"2"'), created.text
    assert {name: told[name] for name in NEW} == NEW
    assert (told["slug"], told["max_weight_lb"]) == ("manhattan-to-montauk", 500)
    assert (told["is_active"], told["estimated_hours"]) == (True, 2)
    assert (told["price_per_mile_dollars"], told["minimum_price_dollars"]) == ("27.00", "600.00")
    assert told["id"] in [one["id"] for one in await sold(desk)]
    assert (act.staff_name, act.action_type) == ("maria", "blade_service_created")
    assert act.description == "published price book 2: New helicopter service: Manhattan to Montauk"


async def test_given_a_service_when_changed_and_retired_then_each_is_a_version(desk: Desk) -> None:
    listed = await desk.get("blade-services", by="maria")
    [first] = listed.json()["results"]
    path = f"blade-services/{first['id']}"
    headers = await desk.headers("maria")

    changed = await desk.patch(path, {"max_weight_lb": 400, "based_on": 1}, by="maria")
    stale = await desk.patch(path, {"max_weight_lb": 300, "based_on": 1}, by="maria")
    stale_end = await desk.http.delete(f"/api/staff/{path}", headers={**headers, "If-Match": '"1"'})
    retired = await desk.http.delete(f"/api/staff/{path}", headers={**headers, "If-Match": '"2"'})
    shown = await desk.get(path, by="maria")
    gone = await sold(desk)
    back = await desk.patch(path, {"is_active": True, "reason": "asked for"}, by="maria")

    assert changed.json() == first | {"max_weight_lb": 400, "price_book_version": 2}
    assert stale.json()["error_type"] == stale_end.json()["error_type"] == "price_book_conflict"
    assert (retired.status_code, retired.json()["is_active"]) == (200, False)
    assert shown.json() == retired.json()
    assert gone == []
    assert [one["max_weight_lb"] for one in await sold(desk)] == [400]
    assert back.json()["price_book_version"] == 4
    assert [(name, act) for name, act, is_refused in await desk.acts() if "blade" in act] == [
        ("maria", "blade_service_changed"),
        ("maria", "manage_blade_services"),
        ("maria", "manage_blade_services"),
        ("maria", "blade_service_retired"),
        ("maria", "blade_service_changed"),
    ]


async def test_given_bad_services_when_sent_then_every_fault_is_named(desk: Desk) -> None:
    bad = {"name": " ", "aircraft_type": "x" * 51, "price_per_mile_cents": -1, "colour": "red"}

    created = await desk.post("blade-services", bad, by="maria")
    twin = await desk.post(
        "blade-services", {**NEW, "slug": "manhattan-hamptons-express"}, by="maria"
    )
    unknown = "blade-services/f5dfcfc2-230c-53c5-9bac-c318632e10e5"
    nothing = await desk.patch(unknown, {"max_weight_lb": 1}, by="maria")
    unseen = await desk.get(unknown, by="maria")

    assert {one["field"] for one in created.json()["details"]} == {
        "name",
        "aircraft_type",
        "price_per_mile_cents",
        "minimum_price_cents",
        "colour",
    }
    assert (twin.status_code, twin.json()["error_type"]) == (409, "price_book_entry_exists")
    assert nothing.status_code == unseen.status_code == 404
    assert nothing.json()["error_type"] == "price_book_entry_not_found"


async def test_given_no_flag_when_anything_is_tried_then_it_is_refused_and_on_record(
    desk: Desk,
) -> None:
    one = "f5dfcfc2-230c-53c5-9bac-c318632e10e5"
    headers = await desk.headers("lou")

    for method in ("GET", "POST", "PATCH", "DELETE"):
        path = "blade-services" if method == "POST" else f"blade-services/{one}"
        body = NEW if method in ("POST", "PATCH") else None
        answer = await desk.http.request(method, f"/api/staff/{path}", json=body, headers=headers)
        act = await desk.last_act()

        assert (answer.status_code, answer.json()["error_type"]) == (403, "permission_denied")
        assert (act.staff_name, act.action_type) == ("lou", "permission_denied")
        assert act.is_refused
        assert "manage blade services" in act.description
        assert (act.subject == f"blade_service:{one}") is (method != "POST")
