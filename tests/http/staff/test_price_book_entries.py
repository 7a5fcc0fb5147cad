"""The price book over HTTP, one entry at a time: read, added, changed, retired."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.builders import a_booking
from tests.contracts.storing import store_booking
from tests.http.staff.conftest import Desk
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

RULES = "price-book/surcharge-rules"
WEEKEND = f"{RULES}/weekend-mini_move"
PIANO = {"slug": "piano", "name": "Upright piano", "price_cents": 90_000}
WHY = {"reason": "Costs rose"}
DEARER = {"changes": {"amount_cents": 20_000}, **WHY}


@pytest.fixture(autouse=True)
async def maria(desk: Desk) -> None:
    """Maria keeps the prices; gus drives."""
    await desk.hire("maria", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_PRICING)
    await desk.hire("gus", Role.LOGISTICS)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_type"]


def faults(answer: httpx.Response) -> set[tuple[str, str]]:
    return {(one["field"], one["code"]) for one in answer.json()["details"]}


async def versions(desk: Desk) -> list[dict[str, Any]]:
    answer = await desk.get("price-book/versions", by="maria")
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


async def test_given_a_rule_when_changed_then_a_version_has_it_and_says_who_and_why(
    desk: Desk,
) -> None:
    before = await desk.get(WEEKEND, by="maria")

    changed = await desk.patch(WEEKEND, {**DEARER, "based_on": 1}, by="maria")

    after = await desk.get(WEEKEND, by="maria")
    old = await desk.get(WEEKEND, by="maria", version=1)
    told = changed.json()
    assert (before.headers["etag"], before.json()["entry"]["amount_cents"]) == ('"1"', 17_500)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"'), changed.text
    assert told["entry"] == before.json()["entry"] | {"amount_cents": 20_000}
    assert told["entry_id"] == before.json()["entry_id"] == told["entry"]["id"]
    assert (told["price_book"]["version"], told["price_book"]["state"]) == (2, "in_effect")
    assert (told["price_book"]["published_by"], told["carried_to"]) == ("maria", None)
    assert after.json()["entry"] == told["entry"]
    assert old.json()["entry"] == before.json()["entry"]
    act = await desk.last_act()
    assert (act.staff_name, act.action_type) == ("maria", "price_book_entry_changed")


async def test_given_a_stale_version_when_anything_is_written_then_409_and_nothing_is_stored(
    desk: Desk,
) -> None:
    await desk.patch(WEEKEND, DEARER, by="maria")
    headers = {**await desk.headers("maria"), "If-Match": '"1"'}
    path = f"/api/staff/{WEEKEND}"

    by_field = await desk.patch(WEEKEND, {**DEARER, "based_on": 1}, by="maria")
    by_header = await desk.http.patch(path, json=DEARER, headers=headers)
    foreign = await desk.http.patch(path, json=DEARER, headers={**headers, "If-Match": '"x"'})
    added = await desk.post(
        "price-book/specialty-items", {"entry": PIANO, **WHY, "based_on": 1}, by="maria"
    )
    retired = await desk.post(f"{WEEKEND}/retire", {**WHY, "based_on": 1}, by="maria")
    single = await desk.patch(
        "price-book/fees", {"changes": {"coi_cents": 1}, **WHY, "based_on": 1}, by="maria"
    )
    right = await desk.http.patch(
        path, json={"changes": {"amount_cents": 1}, **WHY}, headers={**headers, "If-Match": '"2"'}
    )

    for answer in (by_field, by_header, foreign, added, retired, single):
        assert refusal(answer) == (409, "price_book_conflict")
    assert right.status_code == 200
    assert [one["version"] for one in await versions(desk)] == [3, 2, 1]
    refused = [act for act in await desk.acts() if act == ("maria", "manage_pricing", True)]
    assert len(refused) == 6


async def test_given_bad_fields_when_sent_then_each_is_named_by_its_path_and_nothing_is_stored(
    desk: Desk,
) -> None:
    bad = {"changes": {"amount_cents": "1", "weekdays": ["noday"], "colour": 1}, "reason": ""}

    changed = await desk.patch(WEEKEND, bad, by="maria")
    added = await desk.post(RULES, {"entry": {"kind": "fixed"}, **WHY}, by="maria")
    shapeless = await desk.post(RULES, {"entry": [], "reason": 7, "x": 1}, by="maria")
    zone = await desk.post("price-book/zones/manhattan/retire", WHY, by="maria")
    split = {"entry": {"name": "upstate/west", "zip_codes": ["10801"]}, **WHY}
    slashed = await desk.post("price-book/zones", split, by="maria")

    assert refusal(changed) == refusal(added) == refusal(zone) == (400, "invalid")
    assert faults(changed) == {
        ("changes.amount_cents", "wrong_type"),
        ("changes.weekdays.0", "invalid_choice"),
        ("changes.colour", "unknown_field"),
        ("reason", "bad_length"),
    }
    assert {"entry.slug", "entry.name", "entry.amount_cents"} <= {
        field for field, _ in faults(added)
    }
    assert faults(shapeless) == {
        ("entry", "wrong_type"),
        ("reason", "wrong_type"),
        ("x", "unknown_field"),
    }
    assert ("service_area.0", "unknown_zone") in faults(zone)
    assert (slashed.status_code, faults(slashed)) == (400, {("entry.name", "invalid_name")})
    assert len(await versions(desk)) == 1


async def test_given_an_item_when_added_and_retired_then_it_is_sold_and_sold_no_more(
    desk: Desk,
) -> None:
    path = "price-book/specialty-items"

    added = await desk.post(path, {"entry": PIANO, **WHY}, by="maria")
    twin = await desk.post(path, {"entry": PIANO, **WHY}, by="maria")
    retired = await desk.post(f"{path}/piano/retire", WHY, by="maria")
    again = await desk.post(f"{path}/piano/retire", WHY, by="maria")
    back = await desk.patch(f"{path}/piano", {"changes": {"is_active": True}, **WHY}, by="maria")

    assert (added.status_code, added.json()["entry"]["price_cents"]) == (201, 90_000), added.text
    assert refusal(twin) == (409, "price_book_entry_exists")
    assert (retired.status_code, retired.json()["entry"]["is_active"]) == (200, False)
    assert faults(again) == {("document", "no_change")}
    assert back.json()["entry"]["is_active"] is True
    assert [act for _, act, refused in await desk.acts() if act.startswith("price_book")] == [
        "price_book_entry_added",
        "price_book_entry_retired",
        "price_book_entry_changed",
    ]


async def test_given_single_sections_when_changed_then_only_what_was_sent_is_otherwise(
    desk: Desk,
) -> None:
    fees = await desk.patch("price-book/fees", {"changes": {"coi_cents": 6_000}, **WHY}, by="maria")
    tiers = [{"notice_hours": 72, "refund_bp": 10_000}]
    terms = await desk.patch(
        "price-book/cancellation-terms", {"changes": {"tiers": tiers}, **WHY}, by="maria"
    )
    listed = await desk.get("price-book/cancellation-terms", by="maria")
    no_list = await desk.patch(RULES, DEARER, by="maria")
    no_single = await desk.post("price-book/fees", {"entry": {}, **WHY}, by="maria")
    nowhere = await desk.get("price-book/taxes", by="maria")
    nothing = await desk.get("price-book/tax-rules/vat", by="maria")

    assert fees.json()["entry"] == {
        "packing_cents": 5_000,
        "unpacking_cents": 5_000,
        "coi_cents": 6_000,
        "same_day_cents": 36_000,
    }
    assert terms.status_code == 200
    assert [one["entry"] for one in listed.json()["results"]] == [{"tiers": tiers}]
    assert refusal(no_list) == refusal(no_single) == (409, "price_book_section_shape")
    assert refusal(nowhere) == (404, "price_book_section_not_found")
    assert refusal(nothing) == (404, "price_book_entry_not_found")


async def test_given_many_rules_when_listed_by_the_page_then_each_comes_once_in_order(
    desk: Desk,
) -> None:
    headers = await desk.headers("maria")
    current = await desk.get("price-book/current", by="maria")
    slugs = [one["slug"] for one in current.json()["document"]["surcharge_rules"]]

    page = await desk.get(RULES, by="maria", page_size=7)
    await desk.patch(WEEKEND, DEARER, by="maria")
    found = [one["entry"]["slug"] for one in page.json()["results"]]
    while (onward := page.json()["next"]) is not None:
        page = await desk.http.get(onward, headers=headers)
        found += [one["entry"]["slug"] for one in page.json()["results"]]

    assert len(slugs) > 14
    assert found == slugs
    assert page.json()["price_book_version"] == 1


async def test_given_two_at_once_who_saw_the_same_version_when_they_change_it_then_one_wins(
    desk: Desk,
) -> None:
    await desk.headers("maria")
    bodies = [
        {"changes": {"amount_cents": cents}, **WHY, "based_on": 1} for cents in (20_000, 21_000)
    ]

    answers = await asyncio.gather(*(desk.patch(WEEKEND, one, by="maria") for one in bodies))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert [one["version"] for one in await versions(desk)] == [2, 1]


async def test_given_a_package_that_was_booked_when_retired_then_its_booking_still_tells_it(
    desk: Desk,
) -> None:
    booking = await store_booking(desk.wiring.ports.unit_of_work(), a_booking())

    retired = await desk.post("price-book/packages/petite/retire", WHY, by="maria")

    page = await desk.get(f"bookings/{booking.id}", by="maria")
    why = await desk.get(f"bookings/{booking.id}/explanation", by="maria")
    assert retired.json()["entry"]["is_active"] is False
    assert page.json()["booking"]["breakdown"][0]["label"] == "Petite"
    assert why.status_code == 200
    assert why.json()["price_book_version"] == 1


async def test_given_staff_who_may_not_when_they_try_then_it_is_on_record(desk: Desk) -> None:
    read = await desk.get(RULES, by="gus")
    changed = await desk.patch(WEEKEND, DEARER, by="gus")

    act = await desk.last_act()
    assert refusal(read) == refusal(changed) == (403, "permission_denied")
    assert (act.staff_name, act.action_type, act.is_refused) == ("gus", "permission_denied", True)
    assert act.subject == "section:surcharge-rules entry:weekend-mini_move"
