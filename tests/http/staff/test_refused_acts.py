"""What the business refuses staff over HTTP is on record, and answered whatever happens to that."""

from uuid import uuid4

import pytest

from tests.builders import a_booking
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import DatabaseUnavailableError
from totetaxi_http.staff import refused_acts


@pytest.fixture
async def unpaid(desk: Desk) -> Booking:
    booking = a_booking()
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    await desk.hire("maria", Role.OPERATIONS)
    return booking


async def test_given_a_conflict_when_answered_then_the_act_says_who_what_where_and_why(
    desk: Desk, unpaid: Booking
) -> None:
    body = {"booking_id": str(unpaid.id), "reason": "a box was wet"}

    answer = await desk.post("refunds", body, by="maria")

    act: StaffAct = await desk.last_act()
    assert answer.status_code == 409
    assert (act.staff_name, act.action_type, act.is_refused) == ("maria", "request_refunds", True)
    assert act.description.startswith("refund_exceeds_payment: ")
    assert (act.booking_id, act.channel, act.ip_address) == (unpaid.id, "http", "203.0.113.9")


async def test_given_bad_input_or_no_permission_when_answered_then_it_is_not_recorded_twice(
    desk: Desk, unpaid: Booking
) -> None:
    await desk.headers("maria")
    before = await desk.acts()

    invalid = await desk.post("refunds", {"booking_id": str(unpaid.id)}, by="maria")
    denied = await desk.get("actions", by="maria")

    assert [invalid.status_code, denied.status_code] == [400, 403]
    assert await desk.acts() == [*before, ("maria", "permission_denied", True)]


async def test_given_a_database_that_is_down_when_refused_then_the_refusal_is_answered(
    desk: Desk, unpaid: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> bool:
        raise DatabaseUnavailableError("no answer")

    monkeypatch.setattr(refused_acts, "record_refusal", fail)
    body = {"booking_id": str(uuid4()), "reason": f"not {unpaid.booking_number}"}

    answer = await desk.post("refunds", body, by="maria")

    assert (answer.status_code, answer.json()["error_type"]) == (404, "booking_not_found")
