"""Why a booking costs what it costs, over HTTP."""

from tests.builders import a_booking, an_id
from tests.contracts.storing import store_booking
from tests.http.staff.conftest import Desk
from totetaxi_core.staff.role import Role


async def test_given_a_booking_when_explained_then_its_lines_and_every_rule_are_told(
    desk: Desk,
) -> None:
    booking = await store_booking(desk.wiring.ports.unit_of_work(), a_booking())
    await desk.hire("gus", Role.LOGISTICS)

    told = await desk.get(f"bookings/{booking.id}/explanation", by="gus")
    missing = await desk.get(f"bookings/{an_id()}/explanation", by="gus")

    answer = told.json()
    rules = {one["code"]: one for one in answer["rules"]}
    book = desk.wiring.current_book.book
    assert (told.status_code, answer["booking_number"]) == (200, booking.booking_number)
    assert sum(line["amount_cents"] for line in answer["lines"]) == answer["total_cents"]
    assert list(rules) == [rule.slug for rule in book.surcharge_rules]
    assert rules["weekend-mini_move"]["failed_condition"] == "weekdays"
    assert "on a Tuesday" in rules["weekend-mini_move"]["reason"]
    assert (missing.status_code, missing.json()["error_type"]) == (404, "booking_not_found")
