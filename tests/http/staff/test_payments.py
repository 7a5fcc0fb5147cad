"""Payments and the dashboard, as staff see them over HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.builders import NOW, a_booking, a_payment
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role


@pytest.fixture
async def owed(desk: Desk) -> Booking:
    """A booking with three payments, a day apart; finn of finance may read them."""
    booking = a_booking()
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        for days in range(3):
            await uow.payments.add(a_payment(booking, created_at=NOW + timedelta(days=days)))
        await uow.commit()
    await desk.hire("finn", Role.FINANCE)
    return booking


async def test_given_payments_when_walked_by_their_links_then_the_newest_come_first(
    desk: Desk, owed: Booking
) -> None:
    headers = await desk.headers("finn")

    first = (await desk.get("payments", by="finn", page_size=2)).json()
    rest = (await desk.http.get(first["next"], headers=headers)).json()
    back = (await desk.http.get(rest["previous"], headers=headers)).json()

    made = [one["created_at"][:10] for one in (*first["results"], *rest["results"])]
    assert made == ["2026-11-25", "2026-11-24", "2026-11-23"]
    assert back["results"] == first["results"]
    assert {one["booking_number"] for one in first["results"]} == {owed.booking_number}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"status": "pending"}, 3),
        ({"status": "succeeded"}, 0),
        ({"purpose": "booking", "date_from": "2026-11-24"}, 2),
        ({"date_from": "2026-11-24", "date_to": "2026-11-24"}, 1),
        ({"booking_id": str(uuid4())}, 0),
        ({"date_from": "0001-01-01", "date_to": "9999-12-31"}, 3),
    ],
)
async def test_given_filters_when_listed_then_only_those_come(
    desk: Desk, owed: Booking, query: dict[str, str], number: int
) -> None:
    answer = await desk.get("payments", by="finn", **query)

    results = answer.json()["results"]
    assert len(results) == number
    assert {one["booking_id"] for one in results} <= {str(owed.id)}


async def test_given_no_leave_when_payments_are_asked_for_then_it_is_a_403(desk: Desk) -> None:
    await desk.hire("maria", Role.OPERATIONS)

    denied = await desk.get("payments", by="maria")
    faulty = await desk.get("payments", by="root", status="lost")

    assert (denied.status_code, faulty.status_code) == (403, 400)


async def test_given_the_dashboard_when_seen_then_money_and_refunds_are_for_those_who_may(
    desk: Desk, owed: Booking
) -> None:
    del owed
    await desk.hire("max", Role.LOGISTICS)
    await desk.hire("ann", Role.LOGISTICS, Flag.CAN_VIEW_FINANCIAL_REPORTS)

    seen = {by: (await desk.get("dashboard", by=by)).json() for by in ("root", "max", "ann")}

    nothing = {"charged_cents": 0, "refunded_cents": 0, "net_cents": 0}
    assert seen["root"]["today"]["money"] == seen["ann"]["week"]["money"] == nothing
    assert seen["max"]["today"]["money"] is None
    assert seen["root"]["waiting_refunds"] == {"count": 0, "oldest_at": None}
    assert seen["max"]["waiting_refunds"] is None
    assert {one["failed_jobs"] for one in seen.values()} == {0}
    assert all(set(one["week"]["bookings"].values()) == {0} for one in seen.values())
