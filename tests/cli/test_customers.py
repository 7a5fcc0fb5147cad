"""The customer desk on the command line."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_booking, a_customer, a_ledger_entry, a_message, a_payment
from tests.cli.conftest import Runner
from tests.cli.staffing import hire
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.customers.customer import Customer
from totetaxi_core.ledger.account import Account

AS_ROOT, AS_MARIA = ("--as", "root"), ("--as", "maria")
PAID = {Account.STRIPE: 250_000, Account.REVENUE: -250_000}
CALLED = ("--channel", "phone", "--direction", "inbound", "--summary", "asked for nine")


async def _store(database_url: str, customers: Sequence[Customer]) -> None:
    grace = customers[0]
    booking = replace(a_booking().confirm(at=NOW), customer_id=grace.id)
    payment = a_payment(booking)
    async with (
        wired(settings_from({}), database_url, sandbox_url="http://127.0.0.1:1") as wiring,
        wiring.ports.unit_of_work() as uow,
    ):
        for customer in customers:
            await uow.customers.add(customer)
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.ledger.post(a_ledger_entry(payment, amounts=PAID))
        await uow.messages.add(a_message(booking=booking, to=grace.email))
        await uow.commit()


@pytest.fixture
def stored(database_url: str) -> list[Customer]:
    """Three customers, newest first; the newest is Grace Hopper, who paid $2,500.00."""
    made = [
        a_customer(
            email="Grace@Example.com", first_name="Grace", last_name="Hopper", created_at=NOW
        ),
        *(
            a_customer(email=f"ada{n}@example.com", created_at=NOW - timedelta(days=n))
            for n in (1, 2)
        ),
    ]
    asyncio.run(_store(database_url, made))
    return made


def test_given_customers_when_listed_then_they_come_by_pages_and_by_what_is_known(
    totetaxi: Runner, stored: list[Customer]
) -> None:
    first = totetaxi("customers", "list", "--limit", "2", "--json").json
    rest = totetaxi("customers", "list", "--after", first["next"], "--json").json
    found = totetaxi("customers", "list", "--search", "grace hop")
    vips = totetaxi("customers", "vip", "--json").json

    emails = [one["email"] for one in (*first["results"], *rest["results"])]
    assert emails == [customer.email for customer in stored]
    assert (rest["next"], len(vips["results"])) == (None, 1)
    assert vips["results"][0]["total_spent_cents"] == 250_000
    assert "$2,500.00" in found.out
    assert "ada1@" not in found.out
    assert "--after" in totetaxi("customers", "list", "--limit", "1").out


def test_given_words_when_written_then_the_page_shows_all_and_each_act_is_on_record(
    totetaxi: Runner, stored: list[Customer]
) -> None:
    written = totetaxi("customers", "note", "grace@example.com", "has a dog", *AS_MARIA)
    logged = totetaxi("customers", "contact", str(stored[0].id), *AS_MARIA, *CALLED, "--json")

    page = totetaxi("customers", "show", "GRACE@example.com", *AS_MARIA)
    told = totetaxi("customers", "show", "grace@example.com", *AS_MARIA, "--json").json

    acts = totetaxi("audit", "list", "--json").json["results"]
    assert (written.code, logged.json["summary"]) == (0, "asked for nine")
    for word in ("Grace Hopper", "$2,500.00", "has a dog", "asked for nine", "TT-", "mini_move"):
        assert word in page.out
    assert [one["text"] for one in told["notes"]] == ["has a dog"]
    assert told["analytics"]["vip_status"] is True
    assert [(one["action_type"], one["staff_name"]) for one in acts] == [
        ("customer_read", "maria"),
        ("customer_read", "maria"),
        ("customer_contact", "maria"),
        ("customer_note", "maria"),
    ]
    assert {one["customer_id"] for one in acts} == {str(stored[0].id)}


def test_given_staff_when_they_may_not_then_they_are_refused_and_analytics_take_a_flag(
    totetaxi: Runner, stored: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "maria", "customer_service", *AS_ROOT)
    hire(totetaxi, monkeypatch, "fin", "finance", *AS_ROOT)
    customer = str(stored[1].id)

    refused = [
        totetaxi("customers", "show", customer, "--as", "fin"),
        totetaxi("customers", "note", customer, "x", "--as", "fin"),
        totetaxi("customers", "contact", customer, "--as", "fin", *CALLED),
    ]
    plain = totetaxi("customers", "show", customer, *AS_MARIA, "--json").json
    full = totetaxi("customers", "show", customer, *AS_ROOT, "--json").json

    assert [one.code for one in refused] == [1] * 3
    assert {one.err.split(":")[0] for one in refused} == {"permission_denied"}
    assert plain["analytics"] is None
    assert full["analytics"]["next_vip_threshold"] == "2000.00"
    assert plain["notes"] == plain["contacts"] == []


def test_given_nobody_or_nothing_said_when_asked_then_it_is_refused(
    totetaxi: Runner, stored: list[Customer]
) -> None:
    unknown = [
        totetaxi("customers", "show", "eve@example.com", *AS_MARIA),
        totetaxi("customers", "note", "eve@example.com", "x", *AS_MARIA),
        totetaxi("customers", "list", "--after", "00000000-0000-4000-8000-000000000000"),
    ]
    blank = totetaxi("customers", "note", stored[0].email, " ", *AS_MARIA)
    nameless = totetaxi("customers", "show", stored[0].email)

    assert {one.err.split(":")[0] for one in unknown} == {"customer_not_found"}
    assert (blank.code, blank.err) == (2, "bad_length text: must be 1 to 2000 characters\n")
    assert nameless.code == 2


def test_given_a_customer_who_asked_when_deleted_then_an_admin_alone_may_and_it_is_on_record(
    totetaxi: Runner, stored: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "maria", "customer_service", *AS_ROOT)
    why = ("--reason", "asked by letter")

    refused = totetaxi("customers", "delete", stored[1].email, *why, *AS_MARIA)
    booked = totetaxi("customers", "delete", "grace@example.com", *why, *AS_ROOT)
    deleted = totetaxi("customers", "delete", stored[1].email, *why, *AS_ROOT)
    again = totetaxi("customers", "delete", stored[1].email, *why, *AS_ROOT)

    assert (refused.code, refused.errors[-1].split(":")[0]) == (1, "permission_denied")
    assert (booked.code, booked.errors[-1].split(":")[0]) == (1, "account_has_open_bookings")
    assert (deleted.code, deleted.out) == (0, f"deleted account {stored[1].id}\n")
    assert (again.code, again.errors[-1].split(":")[0]) == (1, "customer_not_found")
    acts = totetaxi("audit", "list", "--action", "customer_deleted", "--json").json["results"]
    assert [act["staff_name"] for act in acts] == ["root"]
