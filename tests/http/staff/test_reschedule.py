"""Staff move a booking over HTTP: by permission, with a reason where needed, on record."""

from dataclasses import replace

import pytest

from tests.builders import NOW, a_booking, a_payment
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.staff.role import Role

THERE = {"pickup_date": "2026-12-02", "pickup_time": "10:00", "expected_total_cents": 99_500}
WEEKEND = {"pickup_date": "2026-12-05", "pickup_time": "09:00", "expected_total_cents": 117_000}


@pytest.fixture
async def confirmed(desk: Desk) -> Booking:
    """A booking that was paid and holds its crew, and who works there."""
    booking = a_booking()
    payment = replace(a_payment(booking), status=PaymentStatus.SUCCEEDED, completed_at=NOW)
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.bookings.save(booking.confirm(at=NOW))
        await uow.payments.add(payment)
        await uow.crews.take(
            booking.quote.request.pickup_date, range(18, 22), crews=Schedule().default_crews
        )
        await uow.commit()
    await desk.hire("maria", Role.OPERATIONS)
    await desk.hire("gus", Role.LOGISTICS)
    return booking.confirm(at=NOW)


async def test_given_a_booking_when_staff_move_it_then_it_has_moved_and_is_on_record(
    desk: Desk, confirmed: Booking
) -> None:
    path = f"bookings/{confirmed.id}/reschedule"

    shown = await desk.get(path, by="maria", pickup_date="2026-12-02", pickup_time="10:00")
    moved = await desk.post(path, THERE, by="maria")

    act = await desk.last_act()
    assert shown.json()["difference_cents"] == 0
    assert moved.status_code == 200, moved.text
    assert moved.json()["booking"]["pickup_date"] == "2026-12-02"
    assert moved.json()["payment"] is None
    assert (act.staff_name, act.booking_id) == ("maria", confirmed.id)
    assert act.description == f"moved {confirmed.booking_number} to 2026-12-02 10:00"


async def test_given_a_weekend_when_staff_move_it_then_a_reason_and_a_link_are_needed(
    desk: Desk, confirmed: Booking
) -> None:
    path = f"bookings/{confirmed.id}/reschedule"

    refused = await desk.post(path, WEEKEND, by="maria")
    reason = {"override_reason": "the elevator works only then"}
    held = await desk.post(path, WEEKEND | reason, by="maria")

    told = held.json()
    assert (refused.status_code, refused.json()["details"][0]["code"]) == (400, "weekend")
    assert held.status_code == 200, held.text
    assert told["booking"]["pickup_date"] == "2026-12-01"
    assert told["reschedule"]["difference_cents"] == 17_500
    assert told["payment"] is None
    assert (await desk.last_act()).description.endswith(
        "rules overridden: the elevator works only then"
    )


async def test_given_who_may_not_edit_when_they_move_it_then_it_is_refused(
    desk: Desk, confirmed: Booking
) -> None:
    answer = await desk.post(f"bookings/{confirmed.id}/reschedule", THERE, by="gus")

    assert (answer.status_code, answer.json()["error_type"]) == (403, "permission_denied")
