"""Refunds and the cancelling of paid bookings, on the command line."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Processes, Runner, address_in, open_starts, order_of, ready_line

AS_MARIA, AS_LOU = ("--as", "maria"), ("--as", "lou")
GOOD_CARD = "4242424242424242"
DEADLINE_S = 30


@pytest.fixture
def service(processes: Processes) -> Iterator[httpx.Client]:
    url = address_in(ready_line(processes.start("serve", "--port", "0")))
    with httpx.Client(base_url=url, trust_env=False, timeout=DEADLINE_S) as http:
        yield http


@pytest.fixture
def totetaxi_here(totetaxi: Runner, service: httpx.Client) -> Runner:
    """The command line, beside a service whose sandbox it finds."""
    port = str(service.base_url.port)
    return Runner(
        environ={**totetaxi.environ, "PORT": port},
        capture=totetaxi.capture,
        patch=totetaxi.patch,
    )


@pytest.fixture
def paid(totetaxi_here: Runner, service: httpx.Client) -> str:
    """The number of a booking that was paid: $995.00, weeks ahead."""
    day, start = open_starts(totetaxi_here)[-1]
    order = order_of(day, start)
    made = totetaxi_here("bookings", "create", *AS_MARIA, *order, "--json").json
    intent_id = made["payment"]["payment_intent_id"]
    card = {"payment_intent_id": intent_id, "card": GOOD_CARD}
    assert service.post("/sandbox/stripe/pay", json=card).is_success
    confirmed = service.post(
        "/api/payments/confirm/",
        json={"payment_intent_id": intent_id, "booking_id": made["booking"]["id"]},
        headers={"X-Manage-Token": made["manage_token"]},
    )
    assert confirmed.is_success, confirmed.text
    number: str = made["booking"]["booking_number"]
    return number


def shown(totetaxi: Runner, number: str) -> Any:  # noqa: ANN401  whatever JSON holds
    return totetaxi("bookings", "show", number, *AS_MARIA, "--json").json


def request(totetaxi: Runner, number: str, *options: str) -> Any:  # noqa: ANN401
    asked = totetaxi(
        "refunds", "request", number, *AS_MARIA, "--reason", "a box was wet", *options, "--json"
    )
    assert asked.code == 0, asked.err
    return asked.json


def test_given_a_paid_booking_when_refunded_in_two_steps_then_money_and_names_are_told(
    totetaxi_here: Runner, paid: str
) -> None:
    totetaxi = totetaxi_here

    asked = request(totetaxi, paid, "--amount-cents", "5000")
    waiting = totetaxi("refunds", "list", "--status", "requested").out
    approved = totetaxi("refunds", "approve", asked["id"], *AS_LOU)

    file = shown(totetaxi, paid)
    assert (asked["status"], asked["amount_cents"]) == ("requested", 5_000)
    assert asked["booking_number"] == paid
    assert asked["id"] in waiting
    assert "$50.00" in waiting
    assert "approved" in approved.out
    assert "decided by  lou" in approved.out
    assert [act["staff_name"] for act in file["staff_acts"]] == ["maria", "maria", "lou"]
    assert file["money"]["charged_cents"] == 99_500
    assert file["money"]["pending_cents"] + file["money"]["refunded_cents"] == 5_000
    assert [one["kind"] for one in file["money"]["movements"]] == ["charge", "refund"]


def test_given_a_request_when_rejected_then_it_cannot_be_decided_again(
    totetaxi_here: Runner, paid: str
) -> None:
    totetaxi = totetaxi_here
    refund_id = request(totetaxi, paid)["id"]

    rejected = totetaxi("refunds", "reject", refund_id, *AS_LOU, "--json").json
    again = totetaxi("refunds", "approve", refund_id, *AS_LOU)

    listed = totetaxi("refunds", "list", "--json").json
    assert (rejected["status"], rejected["amount_cents"]) == ("rejected", 99_500)
    assert again.code == 1
    assert again.err.startswith("invalid_transition: ")
    assert [one["id"] for one in listed["results"]] == [refund_id]
    assert listed["next"] is None


def test_given_a_paid_booking_when_more_than_it_paid_is_asked_then_it_is_refused(
    totetaxi_here: Runner, paid: str
) -> None:
    refused = totetaxi_here(
        "refunds", "request", paid, *AS_MARIA, "--reason", "x", "--amount-cents", "99501"
    )

    assert refused.code == 1
    assert refused.err == "refund_exceeds_payment: 99500 cents are left to refund\n"
    assert totetaxi_here("refunds", "list", "--json").json["results"] == []


def test_given_no_reason_or_an_unknown_refund_when_asked_then_it_is_refused(
    totetaxi: Runner,
) -> None:
    blank = totetaxi("refunds", "request", "TT-00000000", *AS_MARIA, "--reason", " ")
    unknown = totetaxi("refunds", "approve", "00000000-0000-4000-8000-000000000000", *AS_MARIA)
    nameless = totetaxi("refunds", "reject", "00000000-0000-4000-8000-000000000000")

    assert (blank.code, unknown.code, nameless.code) == (2, 1, 2)
    assert "--reason: must not be blank" in blank.err
    assert unknown.err.startswith("refund_not_found: ")


def test_given_a_paid_booking_when_cancelled_and_agreed_to_then_all_comes_back(
    totetaxi_here: Runner, paid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    totetaxi = totetaxi_here
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    declined = totetaxi("bookings", "cancel", paid, *AS_MARIA)
    status = shown(totetaxi, paid)["booking"]["status"]
    monkeypatch.setattr("sys.stdin", StringIO("y\n"))

    cancelled = totetaxi("bookings", "cancel", paid, *AS_MARIA)

    file = shown(totetaxi, paid)
    assert (declined.code, status) == (1, "confirmed")
    assert cancelled.code == 0
    assert "$995.00 of $995.00 comes back" in cancelled.out
    assert "sending back $995.00" in cancelled.out
    assert file["booking"]["cancellation_reason"] == "staff"
    assert [(one["amount_cents"], one["requested_by"]) for one in file["refunds"]] == [
        (99_500, "maria")
    ]
    money = totetaxi("bookings", "show", paid, *AS_MARIA).out
    assert "charged   $995.00" in money.splitlines()


def test_given_a_paid_booking_when_a_program_cancels_then_it_says_what_comes_back(
    totetaxi_here: Runner, paid: str
) -> None:
    totetaxi = totetaxi_here
    cancel = ("bookings", "cancel", paid, *AS_MARIA, "--json")

    silent = totetaxi(*cancel)
    wrong = totetaxi(*cancel, "--expect-refund-cents", "1")
    right = totetaxi(*cancel, "--expect-refund-cents", "99500")

    assert (silent.code, wrong.code, right.code) == (2, 1, 0)
    assert "--expect-refund-cents: say how much comes back (99500)" in silent.err
    assert wrong.err == "refund_changed: cancelling now sends back 99500 cents\n"
    assert right.json["status"] == "cancelled"


def test_given_a_paid_booking_when_cancelled_with_yes_then_nothing_is_asked(
    totetaxi_here: Runner, paid: str
) -> None:
    cancelled = totetaxi_here("bookings", "cancel", paid, *AS_MARIA, "--yes")

    assert cancelled.code == 0
    assert cancelled.out.startswith(f"cancelled {paid} at ")
