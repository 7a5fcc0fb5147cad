"""What a second order of the same cart is told of the first one."""

from typing import Final

from tests.scenarios.guest import Json, a_delivery_address, an_address, an_order
from tests.scenarios.house import House

POINT: Final = {"latitude": 40.748, "longitude": -73.985}


def test_given_a_cart_that_is_booked_when_somebody_else_sends_it_then_nothing_new_is_told(
    house: House,
) -> None:
    first, second = _orders(house)
    told_first = house.guest.book(first).json()["booking"]

    answer = house.guest.book(second)

    told = answer.json()["booking"]
    assert (answer.status_code, told["id"]) == (200, told_first["id"])
    assert (told["phone"], told["first_name"], told["last_name"]) == (None, None, None)
    assert (told["item_description"], told["special_instructions"]) == ("", "")
    for end in ("pickup_address", "delivery_address"):
        assert told[end]["delivery_instructions"] == ""
        assert (told[end]["latitude"], told[end]["longitude"]) == (None, None)
    # Whole phrases: a random id may well hold 4711.
    assert not [one for one in ("code 4711", '"Ada"', "doorman", "cello") if one in answer.text]


def test_given_a_cart_that_is_booked_when_its_key_is_replayed_then_its_owner_is_told_all(
    house: House,
) -> None:
    first, _ = _orders(house)
    told_first = house.guest.book(first, key="cart-1").json()

    replay = house.guest.book(first, key="cart-1").json()

    assert replay == told_first
    assert replay["booking"]["special_instructions"] == "Ask the doorman for 4711"


def test_given_a_repeat_under_a_key_when_replayed_then_it_is_told_no_more_than_before(
    house: House,
) -> None:
    first, second = _orders(house)
    house.guest.books(first)

    repeat, replay = (house.guest.book(second, key="cart-2").json() for _ in range(2))

    assert replay["booking"] == repeat["booking"]
    assert replay["booking"]["phone"] is None


def _orders(house: House) -> tuple[Json, Json]:
    """Return the same cart as its guest sends it, and as one who knows only the cart does."""
    on = house.next_open_date()
    bare = an_order(on, first_name="Eve", last_name="Stranger", phone="+13105550123")
    guides = {"delivery_instructions": "doorman, code 4711", **POINT}
    full = an_order(
        on,
        email=bare["email"],
        item_count=1,
        item_description="A cello",
        special_instructions="Ask the doorman for 4711",
        pickup_address=an_address(**guides),
        delivery_address=a_delivery_address(**guides),
    )
    return full, bare
