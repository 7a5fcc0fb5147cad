"""Customers as staff find and open them, and what staff write about them."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.builders import NOW, a_booking, a_customer, a_ledger_entry, a_message, a_payment
from tests.http.staff.conftest import Desk
from totetaxi_core.customers.customer import Customer
from totetaxi_core.ledger.account import Account
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

NOBODY = "00000000-0000-4000-8000-000000000000"
PAID = {Account.STRIPE: 250_000, Account.REVENUE: -250_000}
CALLED = {"channel": "phone", "direction": "inbound", "summary": "Asked for nine\no'clock"}


@pytest.fixture
async def stored(desk: Desk) -> list[Customer]:
    """Five customers, newest first; the newest is Grace Hopper, who paid $2,500.00."""
    made = [
        a_customer(email=f"ada{n}@example.com", created_at=NOW + timedelta(seconds=n))
        for n in range(4)
    ]
    grace = a_customer(
        email="Grace@Example.com",
        first_name="Grace",
        last_name="Hopper",
        created_at=NOW + timedelta(seconds=9),
    )
    booking = replace(a_booking().confirm(at=NOW), customer_id=grace.id)
    payment = a_payment(booking)
    async with desk.wiring.ports.unit_of_work() as uow:
        for customer in (*made, grace):
            await uow.customers.add(customer)
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.ledger.post(a_ledger_entry(payment, amounts=PAID))
        await uow.messages.add(a_message(booking=booking, to="grace@example.com"))
        await uow.commit()
    await desk.hire("maria", Role.CUSTOMER_SERVICE)
    return [grace, *made[::-1]]


def emails(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["email"] for one in answer.json()["results"]]


async def test_given_customers_when_walked_by_their_links_then_every_page_comes_both_ways(
    desk: Desk, stored: list[Customer]
) -> None:
    every = [customer.email for customer in stored]
    headers = await desk.headers("maria")

    first = await desk.get("customers", by="maria", page_size=2)
    second = await desk.http.get(first.json()["next"], headers=headers)
    third = await desk.http.get(second.json()["next"], headers=headers)
    back = await desk.http.get(third.json()["previous"], headers=headers)

    assert [emails(one) for one in (first, second, third)] == [every[:2], every[2:4], every[4:]]
    assert emails(back) == every[2:4]
    assert (first.json()["previous"], third.json()["next"]) == (None, None)


async def test_given_filters_when_listed_then_only_those_come(
    desk: Desk, stored: list[Customer]
) -> None:
    vips = await desk.get("customers", by="maria", is_vip="true")
    others = await desk.get("customers", by="maria", is_vip="false")
    by_name = await desk.get("customers", by="maria", search="grace hop")
    by_email = await desk.get("customers", by="maria", search="ADA2@")
    nobody = await desk.get("customers", by="maria", search="hopper", is_vip="false")

    assert (emails(vips), emails(by_name)) == ([stored[0].email], [stored[0].email])
    assert (emails(by_email), emails(nobody)) == (["ada2@example.com"], [])
    assert emails(others) == [customer.email for customer in stored[1:]]
    [grace] = vips.json()["results"]
    assert (grace["total_spent_cents"], grace["is_vip"]) == (250_000, True)


@pytest.mark.parametrize(
    "query",
    [{"is_vip": "perhaps"}, {"search": " "}, {"page_size": "0"}, {"cursor": "after-1"}, {"q": "a"}],
    ids=str,
)
async def test_given_a_bad_query_when_listed_then_it_is_named(
    desk: Desk, query: dict[str, str]
) -> None:
    answer = await desk.get("customers", by="root", **query)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["details"]] == list(query)


async def test_given_a_customer_when_opened_then_all_is_there_and_the_reading_is_on_record(
    desk: Desk, stored: list[Customer]
) -> None:
    path = f"customers/{stored[0].id}"
    await desk.post(f"{path}/notes", {"text": "has a dog"}, by="maria")
    await desk.post(f"{path}/contacts", CALLED, by="maria")

    told = (await desk.get(path, by="maria")).json()

    assert (told["customer"]["email"], told["deleted_at"]) == ("Grace@Example.com", None)
    assert told["money"] == {
        "charged_cents": 250_000,
        "refunded_cents": 0,
        "disputed_cents": 0,
        "net_cents": 250_000,
    }
    assert len(told["bookings"]) == len(told["messages"]) == 1
    assert [one["text"] for one in told["notes"]] == ["has a dog"]
    assert [one["summary"] for one in told["contacts"]] == [CALLED["summary"]]
    assert (told["addresses"], told["analytics"]) == ([], None)
    acts = [act for act in await desk.acts() if act[0] == "maria"]
    assert acts[-3:] == [
        ("maria", "customer_note", False),
        ("maria", "customer_contact", False),
        ("maria", "customer_read", False),
    ]


async def test_given_the_flag_when_a_customer_is_opened_then_their_analytics_are_told(
    desk: Desk, stored: list[Customer]
) -> None:
    await desk.hire("lou", Role.CUSTOMER_SERVICE, Flag.CAN_VIEW_CUSTOMER_ANALYTICS)

    told = (await desk.get(f"customers/{stored[0].id}", by="lou")).json()["analytics"]

    assert (told["total_spent_dollars"], told["vip_status"]) == ("2500.00", True)
    assert (told["most_used_service"], told["next_vip_threshold"]) == ("mini_move", None)


async def test_given_words_when_written_then_they_are_listed_page_by_page(
    desk: Desk, stored: list[Customer]
) -> None:
    path = f"customers/{stored[1].id}"
    headers = await desk.headers("maria")
    written = [
        await desk.post(f"{path}/notes", {"text": f" note {n} "}, by="maria") for n in range(3)
    ]
    logged = await desk.post(f"{path}/contacts", CALLED, by="maria")

    first = await desk.get(f"{path}/notes", by="maria", page_size=2)
    second = await desk.http.get(first.json()["next"], headers=headers)
    contacts = await desk.get(f"{path}/contacts", by="maria")

    assert {one.status_code for one in (*written, logged)} == {201}
    texts = [one["text"] for one in first.json()["results"] + second.json()["results"]]
    assert texts == ["note 2", "note 1", "note 0"]
    assert second.json()["next"] is None
    assert contacts.json()["results"] == [logged.json()]
    assert logged.json()["staff_name"] == "maria"


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("notes", {}, ["text"]),
        ("notes", {"text": " "}, ["text"]),
        ("notes", {"text": "x" * 2_001, "by": "lou"}, ["by", "text"]),
        ("contacts", {"channel": "pigeon", "direction": "up"}, ["channel", "direction", "summary"]),
        ("contacts", {**CALLED, "summary": ""}, ["summary"]),
    ],
)
async def test_given_bad_words_when_written_then_each_fault_is_named(
    desk: Desk, path: str, body: dict[str, str], fields: list[str]
) -> None:
    answer = await desk.post(f"customers/{NOBODY}/{path}", body, by="root")

    assert answer.status_code == 400
    assert sorted(one["field"] for one in answer.json()["details"]) == fields


@pytest.mark.parametrize("path", ["", "/notes", "/contacts"])
async def test_given_nobody_of_this_id_when_asked_for_then_it_is_not_found(
    desk: Desk, path: str
) -> None:
    read = await desk.get(f"customers/{NOBODY}{path}", by="root")
    bodies = {"/notes": {"text": "x"}, "/contacts": CALLED}
    written = [
        await desk.post(f"customers/{NOBODY}{one}", bodies[one], by="root")
        for one in bodies
        if one == path
    ]

    told = {(one.status_code, one.json()["error_type"]) for one in (read, *written)}
    assert told == {(404, "customer_not_found")}


async def test_given_staff_of_other_rooms_when_they_ask_then_they_are_refused_on_record(
    desk: Desk, stored: list[Customer]
) -> None:
    await desk.hire("fin", Role.FINANCE)

    answers = [
        await desk.get("customers", by="fin"),
        await desk.get(f"customers/{stored[0].id}", by="fin"),
        await desk.post(f"customers/{stored[0].id}/notes", {"text": "x"}, by="fin"),
    ]

    assert [one.status_code for one in answers] == [403] * 3
    refused = [act for act in await desk.acts() if act[0] == "fin" and act[2]]
    assert len(refused) == 3
