"""Staff book over HTTP: for a guest, or into a customer's account."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders import a_customer
from tests.http.staff.conftest import Desk
from totetaxi_core.customers.customer import Customer
from totetaxi_core.staff.role import Role
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING

CONTACT = ("first_name", "last_name", "email", "phone")
OVERRIDE = "the owner asks"


@pytest.fixture
async def staffed(desk: Desk) -> Desk:
    await desk.hire("maria", Role.CUSTOMER_SERVICE)
    await desk.hire("lou", Role.FINANCE)
    return desk


def a_body(desk: Desk, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any field of the body
    """A sound order 30 days ahead, whatever day that is, without a payment begun."""
    today: date = desk.wiring.ports.clock().date()
    return {
        **EXAMPLE_BOOKING,
        "pickup_date": (today + timedelta(days=30)).isoformat(),
        "override_reason": OVERRIDE,
        "create_payment_intent": False,
        **changes,
    }


def into_account(body: dict[str, Any], customer: Customer) -> dict[str, Any]:
    less = {name: value for name, value in body.items() if name not in CONTACT}
    return {**less, "customer_id": str(customer.id)}


async def store(desk: Desk, customer: Customer) -> Customer:
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        await uow.commit()
    return customer


async def test_given_a_guest_on_the_telephone_when_booked_then_the_crew_is_held_for_a_day(
    staffed: Desk,
) -> None:
    answer = await staffed.post("bookings", a_body(staffed), by="maria")

    made = answer.json()
    booking = made["booking"]
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    file = (await staffed.get(f"bookings/{booking['id']}", by="maria")).json()
    assert file["placed_by"] == "maria"
    assert [act["description"] for act in file["staff_acts"]] == [
        f"created {booking['booking_number']}; rules overridden: {OVERRIDE}"
    ]
    held = staffed.wiring.ports.clock() + timedelta(hours=23)
    assert booking["hold_expires_at"] > held.isoformat()
    assert made["manage_token"] in made["payment_link"]
    assert (made["payment"], made["payment_error"]) == (None, None)


async def test_given_a_customer_when_booked_for_then_it_is_in_the_account_and_found_there(
    staffed: Desk,
) -> None:
    customer = await store(staffed, a_customer())

    answer = await staffed.post("bookings", into_account(a_body(staffed), customer), by="maria")
    listed = await staffed.get("bookings", by="lou", customer_id=str(customer.id))

    booking = answer.json()["booking"]
    assert answer.status_code == 201
    assert (booking["email"], booking["phone"]) == (customer.email, customer.phone)
    assert [one["id"] for one in listed.json()["results"]] == [booking["id"]]


async def test_given_an_account_that_cannot_when_booked_for_then_it_says_why(
    staffed: Desk,
) -> None:
    mute = await store(staffed, replace(a_customer(), phone=""))
    body = into_account(a_body(staffed), mute)

    no_phone = await staffed.post("bookings", body, by="maria")
    nobody = await staffed.post("bookings", into_account(body, a_customer()), by="maria")
    both = await staffed.post("bookings", {**body, "email": "eve@example.com"}, by="maria")

    assert [(one["field"], one["code"]) for one in no_phone.json()["details"]] == [
        ("customer_id", "missing")
    ]
    assert (nobody.status_code, nobody.json()["error_type"]) == (404, "customer_not_found")
    assert both.status_code == 400


async def test_given_a_price_adjusted_when_booked_then_its_line_and_total_say_so(
    staffed: Desk,
) -> None:
    usual = (await staffed.post("bookings", a_body(staffed), by="maria")).json()["booking"]
    less = {"amount_cents": -5_000, "reason": "apology"}

    answer = await staffed.post("bookings", a_body(staffed, price_adjustment=less), by="maria")

    booking = answer.json()["booking"]
    assert answer.status_code == 201
    assert booking["total_price_cents"] == usual["total_price_cents"] - 5_000
    line = next(one for one in booking["breakdown"] if one["kind"] == "adjustment")
    assert (line["label"], line["amount_cents"]) == ("apology", -5_000)


async def test_given_a_total_above_the_limit_when_booked_then_only_a_reason_opens_it(
    staffed: Desk,
) -> None:
    more = {"amount_cents": 900_000, "reason": "a house of marble"}
    today = staffed.wiring.ports.clock().date()
    first, last = today + timedelta(days=10), today + timedelta(days=20)
    days = {"start_date": first.isoformat(), "end_date": last.isoformat()}
    calendar = await staffed.http.get("/api/public/calendar/availability", params=days)
    open_on = next(one["date"] for one in calendar.json()["days"] if one["open"])
    body = a_body(staffed, price_adjustment=more, pickup_date=open_on)

    refused = await staffed.post("bookings", {**body, "override_reason": None}, by="maria")
    made = await staffed.post("bookings", body, by="maria")

    assert (refused.status_code, refused.json()["error_type"]) == (409, "amount_needs_staff")
    assert made.status_code == 201


async def test_given_a_key_when_sent_twice_then_it_is_one_booking_of_that_member(
    staffed: Desk,
) -> None:
    async def book(by: str, **changes: Any) -> Any:  # noqa: ANN401
        headers = {**await staffed.headers(by), "Idempotency-Key": "k-1"}
        body = a_body(staffed, allow_duplicate=True, **changes)
        return await staffed.http.post("/api/staff/bookings", json=body, headers=headers)

    first, again = await book("maria"), await book("maria")
    other_body = await book("maria", pickup_time="10:00")
    other_member = await book("root")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["booking"]["id"] == first.json()["booking"]["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert (other_body.status_code, other_body.json()["error_type"]) == (
        422,
        "idempotency_key_reused",
    )
    assert other_member.json()["booking"]["id"] != first.json()["booking"]["id"]


async def test_given_the_same_cart_when_booked_again_then_it_is_the_same_booking_in_full(
    staffed: Desk,
) -> None:
    first = await staffed.post("bookings", a_body(staffed), by="maria")
    again = await staffed.post("bookings", a_body(staffed), by="root")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["booking"] == first.json()["booking"]
    assert again.json()["payment_link"] == first.json()["payment_link"]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"email": None}, {("email", "missing")}),
        (dict.fromkeys(CONTACT), {(name, "missing") for name in CONTACT}),
        (
            {"price_adjustment": {"amount_cents": -9_000_000, "reason": "x"}},
            {("price_adjustment.amount_cents", "out_of_range")},
        ),
        (
            {"price_adjustment": {"amount_cents": 1, "reason": " "}},
            {("price_adjustment.reason", "blank")},
        ),
        ({"pickup_time": "05:00"}, {("pickup_time", "outside_pickup_hours")}),
        ({"pickup_date": "2020-01-01"}, {("pickup_date", "past")}),
    ],
)
async def test_given_a_bad_order_when_sent_then_each_field_is_named(
    staffed: Desk, changes: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    answer = await staffed.post("bookings", a_body(staffed, **changes), by="maria")

    assert answer.status_code == 400
    assert {(one["field"], one["code"]) for one in answer.json()["details"]} == faults


async def test_given_finance_when_booking_then_it_is_not_theirs(staffed: Desk) -> None:
    answer = await staffed.post("bookings", a_body(staffed), by="lou")

    assert (answer.status_code, answer.json()["error_type"]) == (403, "permission_denied")
