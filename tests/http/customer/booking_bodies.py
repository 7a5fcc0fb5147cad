"""Bodies of customers' bookings, for the service on memory whose day is 2026-11-23."""

from typing import Final

from tests.http.customer.conftest import LoggedIn
from tests.scenarios.guest import Json, an_address
from tests.scenarios.guest import an_order as a_guest_order

TUESDAY: Final = "2026-12-01"
CONTACT: Final = ("first_name", "last_name", "email", "phone")


def a_booking_body(**changes: object) -> Json:
    """Return a petite mini move at nine, between two new addresses; None leaves a field out."""
    order = a_guest_order(TUESDAY) | changes
    left_out = {name for name, value in changes.items() if value is None} | set(CONTACT)
    return {name: value for name, value in order.items() if name not in left_out}


async def books(caller: LoggedIn, **changes: object) -> Json:
    """Book, and be sure that it worked."""
    answer = await caller.http.post("/api/customer/bookings/", json=a_booking_body(**changes))
    assert answer.status_code == 201, answer.text
    told: Json = answer.json()
    return told


async def saves_address(caller: LoggedIn, **changes: object) -> str:
    """Save an address and return its id."""
    body = {"nickname": "Home", **an_address(), **changes}
    answer = await caller.http.post("/api/customer/addresses/", json=body)
    assert answer.status_code == 201, answer.text
    saved_id: str = answer.json()["id"]
    return saved_id


def faults_of(told: Json) -> set[tuple[str, str]]:
    return {(one["field"], one["code"]) for one in told["details"]}
