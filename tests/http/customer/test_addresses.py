from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_http.customer.addresses import ONE

HOME = {
    "nickname": "Home",
    "address_line_1": "740 Park Avenue",
    "address_line_2": "Apt 5B",
    "city": "New York",
    "state": "NY",
    "zip_code": "10021",
    "delivery_instructions": "Ring twice",
    "latitude": 40.7712,
    "longitude": -73.9649,
    "is_default": True,
}
BEACH = {
    "nickname": "Beach",
    "address_line_1": "12 Egypt Lane",
    "city": "East Hampton",
    "state": "NY",
    "zip_code": "11937",
}
PATH = "/api/customer/addresses"


async def create(caller: LoggedIn, body: dict[str, Any]) -> dict[str, Any]:
    answer = await caller.http.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(caller: LoggedIn) -> list[str]:
    answer = await caller.http.get(PATH)
    return [one["nickname"] for one in answer.json()["results"]]


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["details"]]


async def test_given_an_address_when_created_then_it_is_told_whole(customer_a: LoggedIn) -> None:
    answer = await customer_a.http.post(PATH, json=HOME)

    told = answer.json()
    assert answer.status_code == 201
    assert {name: told[name] for name in HOME} == HOME
    assert told["formatted_address"] == "740 Park Avenue, Apt 5B, New York, NY 10021"
    assert (told["times_used"], told["last_used_at"], told["is_served"]) == (0, None, True)
    assert told["created_at"] == told["updated_at"] == "2026-11-23T15:00:00Z"
    assert (await customer_a.http.get(f"{PATH}/{told['id']}")).json() == told


async def test_given_a_place_we_do_not_serve_when_created_then_it_is_kept_and_says_so(
    customer_a: LoggedIn,
) -> None:
    far = BEACH | {"city": "Los Angeles", "state": "CA", "zip_code": "90001"}

    told = await create(customer_a, far)

    assert told["is_served"] is False
    assert await listed(customer_a) == ["Beach"]


async def test_given_the_same_door_when_created_again_then_it_is_that_address(
    customer_a: LoggedIn,
) -> None:
    first = await create(customer_a, HOME)

    again = await customer_a.http.post(PATH, json=HOME | {"nickname": "Parents"})

    assert again.status_code == 200
    assert (again.json()["id"], again.json()["nickname"]) == (first["id"], "Parents")
    assert await listed(customer_a) == ["Parents"]


async def test_given_addresses_when_listed_by_pages_then_newest_come_first(
    customer_a: LoggedIn, service: Service
) -> None:
    for number in range(3):
        await create(customer_a, BEACH | {"nickname": f"{number}", "address_line_1": f"{number} A"})
        service.house.clock.advance(timedelta(seconds=1))

    first = (await customer_a.http.get(PATH, params={"page_size": 2})).json()
    public_url = service.house.terms.public_url
    second = (await customer_a.http.get(first["next"].removeprefix(public_url))).json()

    assert [one["nickname"] for one in first["results"]] == ["2", "1"]
    assert [one["nickname"] for one in second["results"]] == ["0"]
    assert (first["previous"], second["next"]) == (None, None)
    back = (await customer_a.http.get(second["previous"].removeprefix(public_url))).json()
    assert back["results"] == first["results"]


async def test_given_an_address_when_replaced_then_what_is_left_out_is_as_new(
    customer_a: LoggedIn,
) -> None:
    home = await create(customer_a, HOME)

    answer = await customer_a.http.put(f"{PATH}/{home['id']}", json=BEACH)

    told = answer.json()
    assert answer.status_code == 200
    assert {name: told[name] for name in BEACH} == BEACH
    assert (told["address_line_2"], told["latitude"], told["is_default"]) == ("", None, False)


async def test_given_an_address_when_changed_then_only_what_was_sent_is(
    customer_a: LoggedIn,
) -> None:
    home = await create(customer_a, HOME)

    answer = await customer_a.http.patch(
        f"{PATH}/{home['id']}", json={"nickname": "Parents", "delivery_instructions": ""}
    )

    changed = home | {"nickname": "Parents", "delivery_instructions": ""}
    assert answer.json() | {"updated_at": None} == changed | {"updated_at": None}


async def test_given_a_point_when_only_the_street_changes_then_the_point_goes(
    customer_a: LoggedIn,
) -> None:
    home = await create(customer_a, HOME)
    path = f"{PATH}/{home['id']}"

    same_door = (await customer_a.http.patch(path, json={"zip_code": "10021-1234"})).json()
    moved = (await customer_a.http.patch(path, json={"address_line_1": "1 Park Avenue"})).json()
    pointed = {"address_line_1": "2 Park Avenue", "latitude": 40.1, "longitude": -73.1}
    placed = (await customer_a.http.patch(path, json=pointed)).json()

    assert (same_door["latitude"], same_door["longitude"]) == (40.7712, -73.9649)
    assert (moved["latitude"], moved["longitude"]) == (None, None)
    assert (placed["latitude"], placed["longitude"]) == (40.1, -73.1)


async def test_given_two_when_the_other_becomes_the_default_then_one_is(
    customer_a: LoggedIn,
) -> None:
    await create(customer_a, HOME)
    beach = await create(customer_a, BEACH)

    await customer_a.http.patch(f"{PATH}/{beach['id']}", json={"is_default": True})

    results = (await customer_a.http.get(PATH)).json()["results"]
    assert {one["nickname"]: one["is_default"] for one in results} == {
        "Home": False,
        "Beach": True,
    }


async def test_given_an_address_when_removed_then_it_is_found_no_more(
    customer_a: LoggedIn,
) -> None:
    home = await create(customer_a, HOME)
    path = f"{PATH}/{home['id']}"

    answer = await customer_a.http.delete(path)

    assert (answer.status_code, answer.json()) == (200, {"message": "The address is removed."})
    assert await listed(customer_a) == []
    again = await customer_a.http.delete(path)
    assert (again.status_code, again.json()["error_type"]) == (404, "saved_address_not_found")


async def test_given_another_door_of_theirs_when_an_address_becomes_it_then_it_is_refused(
    customer_a: LoggedIn,
) -> None:
    await create(customer_a, HOME)
    beach = await create(customer_a, BEACH)

    answer = await customer_a.http.put(f"{PATH}/{beach['id']}", json=HOME)

    assert (answer.status_code, answer.json()["error_type"]) == (409, "address_saved_already")


async def test_given_fifty_addresses_when_one_more_is_created_then_it_is_refused(
    customer_a: LoggedIn,
) -> None:
    for number in range(50):
        await create(customer_a, BEACH | {"address_line_1": f"{number} Main St"})

    answer = await customer_a.http.post(PATH, json=HOME)

    assert (answer.status_code, answer.json()["error_type"]) == (409, "too_many_saved_addresses")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
async def test_given_anothers_address_when_asked_for_then_it_is_as_none(
    customer_a: LoggedIn, customer_b: LoggedIn, method: str
) -> None:
    home = await create(customer_a, HOME)
    bodies = {"put": BEACH, "patch": {"nickname": "Mine"}}

    answers = [
        await customer_b.http.request(method, f"{PATH}/{each}", json=bodies.get(method))
        for each in (home["id"], ONE["path_examples"]["address_id"])
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert {each.json()["error_type"] for each in answers} == {"saved_address_not_found"}
    assert (await customer_a.http.get(f"{PATH}/{home['id']}")).json() == home
    assert await listed(customer_b) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"nickname": "x" * 51}, ("nickname", "too_long")),
        ({"nickname": " "}, ("nickname", "blank")),
        ({"zip_code": "1002"}, ("zip_code", "not_a_zip_code")),
        ({"latitude": None}, ("latitude", "missing")),
        ({"longitude": 181}, ("longitude", "too_large")),
        ({"is_default": "yes"}, ("is_default", "wrong_type")),
        ({"times_used": 7}, ("times_used", "unknown_field")),
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "patch"])
async def test_given_a_bad_field_when_sent_then_it_is_named(
    customer_a: LoggedIn, method: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    home = await create(customer_a, BEACH)
    path = PATH if method == "post" else f"{PATH}/{home['id']}"

    answer = await customer_a.http.request(method, path, json=HOME | changes)

    assert answer.status_code == 400
    assert fault in faults(answer)


async def test_given_half_a_point_and_another_fault_when_sent_then_both_are_named(
    customer_a: LoggedIn,
) -> None:
    answer = await customer_a.http.post(PATH, json=HOME | {"latitude": None, "nickname": ""})

    assert sorted(faults(answer)) == [("latitude", "missing"), ("nickname", "blank")]


@pytest.mark.parametrize("method", ["get", "post"])
async def test_given_nobody_logged_in_when_addresses_are_asked_for_then_it_is_refused(
    stranger: httpx.AsyncClient, method: str
) -> None:
    answer = await stranger.request(method, PATH, json=HOME)

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")
