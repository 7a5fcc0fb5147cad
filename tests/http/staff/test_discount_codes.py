"""Discount codes over HTTP: made, limited, paused and used, each change a version on record."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.builders import DEFAULT_BOOK, a_booking
from tests.http.staff.conftest import Desk
from tests.scenarios.guest import an_order
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.price_book.publish_book import publish_book
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

VIP = {"code": "VIP10", "kind": "percentage", "rate_bp": 1_000}


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """Maria manages prices; gus drives."""
    await desk.hire("maria", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_PRICING)
    await desk.hire("gus", Role.LOGISTICS)
    return desk


async def make(desk: Desk, **fields: object) -> dict[str, Any]:
    answer = await desk.post("discount-codes", VIP | fields, by="maria")
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def change(desk: Desk, code: str, **fields: object) -> httpx.Response:
    return await desk.patch(f"discount-codes/{code}", fields, by="maria")


async def preview(desk: Desk, code: str) -> httpx.Response:
    await desk.wiring.current_book.refresh()
    order = an_order("2027-01-05", discount_code=code)
    asked = {name: order[name] for name in ("service_type", "mini_move_package_id")}
    asked |= {name: order[name] for name in ("pickup_date", "pickup_time", "discount_code")}
    asked |= {"pickup_zip": "10001", "delivery_zip": "11937"}
    return await desk.http.post("/api/public/pricing-preview", json=asked)


async def use(desk: Desk, code: str, *, bookings: int) -> list[Booking]:
    """Store bookings that have a use of the code, a minute apart, oldest first."""
    at = desk.wiring.ports.clock()
    made = [a_booking(created_at=at + timedelta(minutes=number)) for number in range(bookings)]
    async with desk.wiring.ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=at)
        [wanted] = [one for one in book.discount_codes if one.code == code]
        for booking in made:
            await uow.bookings.add(booking)
            await uow.discount_uses.reserve(
                wanted, booking_id=booking.id, email_key=booking.contact.email_key
            )
        await uow.commit()
    return made


async def test_given_prices_in_ones_hands_when_a_code_is_made_then_customers_may_use_it_at_once(
    desk: Desk,
) -> None:
    before = await preview(desk, "vip10")

    made = await make(desk, max_uses=2, reason="Our best customers")
    priced = await preview(desk, "vip10")

    assert (before.status_code, priced.status_code) == (400, 200)
    assert (
        priced.json()["discount_cents"]
        == -DEFAULT_BOOK.mini_move_packages[0].base_price_cents // 10
    )
    assert (made["state"], made["uses"], made["uses_left"]) == ("active", 0, 2)
    assert (made["rate_bp"], made["amount_cents"], made["price_book_version"]) == (1_000, None, 2)
    act = await desk.last_act()
    assert (act.staff_name, act.action_type) == ("maria", "discount_code_created")
    assert act.after is not None
    assert act.after["reason"] == "Our best customers"


async def test_given_a_code_when_paused_and_resumed_then_customers_may_not_and_may(
    desk: Desk,
) -> None:
    await make(desk)

    paused = await change(desk, "vip10", is_active=False)
    refused = await preview(desk, "VIP10")
    resumed = await change(desk, "VIP10", is_active=True)
    priced = await preview(desk, "VIP10")

    assert [paused.json()["state"], resumed.json()["state"]] == ["paused", "active"]
    assert [refused.status_code, priced.status_code] == [400, 200]
    assert [act[1] for act in (await desk.acts())[-2:]] == ["discount_code_changed"] * 2


async def test_given_limits_and_dates_when_changed_then_null_takes_them_away_and_the_rest_stays(
    desk: Desk,
) -> None:
    await make(desk, max_uses=2, max_uses_per_customer=1, valid_until="2099-01-01T05:00:00Z")

    lowered = (await change(desk, "VIP10", max_uses=1)).json()
    freed = (await change(desk, "VIP10", max_uses=None, valid_until=None)).json()
    later = (await change(desk, "VIP10", valid_from="2098-01-01T05:00:00Z")).json()
    over = (await change(desk, "VIP10", valid_from=None, valid_until="2020-01-01T05:00:00Z")).json()

    assert (lowered["max_uses"], lowered["valid_until"]) == (1, "2099-01-01T05:00:00Z")
    assert (freed["max_uses"], freed["uses_left"], freed["valid_until"]) == (None, None, None)
    assert freed["max_uses_per_customer"] == 1
    assert [one["state"] for one in (lowered, later, over)] == ["active", "scheduled", "expired"]
    assert over["rate_bp"] == 1_000


async def test_given_uses_when_the_limit_is_lowered_below_them_then_they_stay_and_none_is_left(
    desk: Desk,
) -> None:
    await make(desk)
    await use(desk, "VIP10", bookings=3)

    lowered = (await change(desk, "VIP10", max_uses=2)).json()

    assert (lowered["uses"], lowered["uses_left"], lowered["state"]) == (3, 0, "used_up")
    assert (await preview(desk, "VIP10")).json()["error_type"] == "discount_unavailable"


async def test_given_uses_when_listed_then_the_bookings_are_told_by_the_page_newest_first(
    desk: Desk,
) -> None:
    await make(desk)
    await make(desk, code="OTHER")
    booked = await use(desk, "VIP10", bookings=3)

    first = (await desk.get("discount-codes/vip10/uses", by="maria", page_size=2)).json()
    cursor = dict(httpx.URL(first["next"]).params)["cursor"]
    second = (
        await desk.get("discount-codes/vip10/uses", by="maria", page_size=2, cursor=cursor)
    ).json()
    listed = (await desk.get("discount-codes", by="maria")).json()["results"]

    numbers = [one["booking_number"] for page in (first, second) for one in page["results"]]
    assert numbers == [one.booking_number for one in reversed(booked)]
    assert (first["previous"], second["next"]) == (None, None)
    assert first["results"][0]["booking_status"] == "pending"
    assert [(one["code"], one["uses"]) for one in listed] == [("VIP10", 3), ("OTHER", 0)]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"rate_bp": None}, [("rate_bp", "missing")]),
        ({"rate_bp": 10_001, "max_uses": -1}, ["rate_bp", "max_uses"]),
        ({"amount_cents": 500}, [("amount_cents", "unknown_field")]),
        (
            {"valid_from": "2027-02-01T00:00:00Z", "valid_until": "2027-01-01T00:00:00Z"},
            [("valid_until", "out_of_order")],
        ),
    ],
)
async def test_given_bad_fields_when_a_code_is_made_then_each_is_named_and_nothing_is_stored(
    desk: Desk, fields: dict[str, object], faults: list[Any]
) -> None:
    answer = await desk.post("discount-codes", VIP | fields, by="maria")

    told = [(one["field"], one["code"]) for one in answer.json()["details"]]
    assert answer.status_code == 400
    assert [one if isinstance(faults[0], tuple) else one[0] for one in told] == faults
    assert (await desk.get("discount-codes", by="maria")).json()["results"] == []


async def test_given_a_code_of_that_name_when_made_again_in_other_letters_then_it_is_refused(
    desk: Desk,
) -> None:
    await make(desk, is_active=False)

    again = await desk.post("discount-codes", VIP | {"code": "vip10"}, by="maria")
    unknown = await desk.get("discount-codes/NOBODY", by="maria")

    assert (again.status_code, again.json()["error_type"]) == (409, "price_book_entry_exists")
    assert (unknown.status_code, unknown.json()["error_type"]) == (
        404,
        "price_book_entry_not_found",
    )


async def test_given_a_version_that_was_seen_when_another_is_in_effect_then_it_is_a_conflict(
    desk: Desk,
) -> None:
    await make(desk)

    stale = await change(desk, "VIP10", max_uses=5, based_on=1)
    fresh = await change(desk, "VIP10", max_uses=5, based_on=2)

    assert (stale.status_code, stale.json()["error_type"]) == (409, "price_book_conflict")
    assert (fresh.status_code, fresh.json()["price_book_version"]) == (200, 3)


async def test_given_prices_that_wait_for_spring_when_a_code_is_made_then_spring_has_it_too(
    desk: Desk,
) -> None:
    ports = desk.wiring.ports
    spring = ports.clock() + timedelta(days=90)
    document = {**DEFAULT_BOOK.document, "title": "Spring"}
    await publish_book(
        document, ports, based_on=1, reason="Spring", by="maria", effective_at=spring
    )

    made = await make(desk)

    async with ports.unit_of_work() as uow:
        later = await uow.price_books.current(at=spring)
    assert made["price_book_version"] == 3
    assert (later.title, [one.code for one in later.discount_codes]) == ("Spring", ["VIP10"])


async def test_given_no_permission_when_codes_are_touched_then_it_is_refused_and_on_record(
    desk: Desk,
) -> None:
    answer = await desk.post("discount-codes", VIP, by="gus")

    assert (answer.status_code, answer.json()["error_type"]) == (403, "permission_denied")
    assert (await desk.acts())[-1] == ("gus", "permission_denied", True)
