"""The record of staff acts over HTTP."""

from uuid import UUID

import httpx
import pytest

from tests.http.staff.conftest import Desk
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role


def positions(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["position"] for one in answer.json()["results"]]


async def test_given_acts_when_walked_by_their_links_then_every_page_comes_both_ways(
    desk: Desk,
) -> None:
    for name in ("ann", "bob", "cyd", "dan"):
        await desk.hire(name, Role.OPERATIONS)
    headers = await desk.headers("root")

    first = await desk.get("actions", by="root", page_size=2, action_type="staff_created")
    second = await desk.http.get(first.json()["next"], headers=headers)
    third = await desk.http.get(second.json()["next"], headers=headers)
    back = await desk.http.get(third.json()["previous"], headers=headers)

    assert [positions(one) for one in (first, second, third)] == [[5, 4], [3, 2], [1]]
    assert positions(back) == [3, 2]
    assert (first.json()["previous"], third.json()["next"]) == (None, None)


async def test_given_filters_when_listed_then_only_those_come(desk: Desk) -> None:
    await desk.hire("maria", Role.LOGISTICS)
    denied = await desk.get("actions", by="maria")

    refused = await desk.get("actions", by="root", is_refused="true")
    of_root = await desk.get("actions", by="root", staff_name="ROOT", action_type="login")
    early = await desk.get("actions", by="root", date_to="2020-01-01")
    ends = await desk.get("actions", by="root", date_from="0001-01-01", date_to="9999-12-31")

    [told] = refused.json()["results"]
    assert (denied.status_code, denied.json()["error_type"]) == (403, "permission_denied")
    assert (told["staff_name"], told["action_type"]) == ("maria", "permission_denied")
    assert told["ip_address"] == "203.0.113.9"
    assert len(of_root.json()["results"]) == 1
    assert positions(early) == []
    assert len(positions(ends)) == 5


async def test_given_somebody_s_page_when_denied_then_the_act_says_whose(desk: Desk) -> None:
    await desk.hire("maria", Role.LOGISTICS)
    nobodys = UUID(int=7)

    denied = await desk.get(f"customers/{nobodys}", by="maria")

    [told] = (await desk.get("actions", by="root", is_refused="true")).json()["results"]
    assert denied.status_code == 403
    assert told["subject"] == f"customer:{nobodys}"


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": "101"},
        {"page_size": "0"},
        {"cursor": "41"},
        {"cursor": "before-"},
        {"cursor": "before-x"},
        {"date_from": "yesterday"},
        {"booking_id": "TT-1"},
        {"is_refused": "yes"},
        {"who": "maria"},
    ],
    ids=str,
)
async def test_given_a_bad_query_when_listed_then_it_is_named(
    desk: Desk, query: dict[str, str]
) -> None:
    answer = await desk.get("actions", by="root", **query)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["details"]] == list(query)


async def test_given_the_flag_when_listed_then_it_lets_in(desk: Desk) -> None:
    await desk.hire("max", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_STAFF)

    answer = await desk.get("actions", by="max", page_size=1)

    assert positions(answer) == [3]
