"""A payer disputes the charge: staff see it, no money goes back twice, the verdict counts."""

import json
import os
import re
import subprocess
from typing import Any

from tests.forked_process import run_forked
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Json, an_order
from tests.scenarios.house import STAFF_EMAIL, House
from tests.scenarios.stripe_account import DISPUTED_CARD

COMMAND = ("-m", "totetaxi_cli.main")
PAID = 99_500


def disputed(house: House) -> tuple[Booked, str]:
    """Book and pay with the card that disputes; return Stripe's id of the dispute too."""
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id, DISPUTED_CARD)
    house.wait_for_status(booked.id, "confirmed")
    dispute = eventually(lambda: house.stripe.disputes(booked.intent_id), within_s=20)[0]
    return booked, dispute["id"]


def staff_do(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": house.database_url,
        "STRIPE_API_BASE": house.stripe.base,
        "TOTETAXI_STAFF": "maria",
    }
    return run_forked([*COMMAND, *arguments], env=environ)


def shown(house: House, booked: Booked) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return the booking's file as the command line shows it."""
    return json.loads(staff_do(house, "bookings", "show", booked.number, "--json").stdout)


def known_as(house: House, dispute_id: str, status: str) -> bool:
    query = "SELECT 1 FROM disputes WHERE stripe_dispute_id = %s AND status = %s"
    return bool(house.rows(query, dispute_id, status))


def wait_until(house: House, dispute_id: str, status: str) -> None:
    eventually(lambda: known_as(house, dispute_id, status), within_s=40)


def request_refund(house: House, booked: Booked) -> subprocess.CompletedProcess[str]:
    return staff_do(house, "refunds", "request", booked.number, "--reason", "a box was wet")


def ledger(house: House, booked: Booked) -> Json:
    rows = house.rows(
        "SELECT account, sum(ledger_postings.amount_cents)::bigint AS cents FROM ledger_postings"
        " JOIN ledger_entries ON ledger_entries.id = entry_id"
        " WHERE booking_id = %s GROUP BY account",
        booked.id,
    )
    return {row["account"]: row["cents"] for row in rows}


def test_given_a_disputed_charge_when_it_is_lost_then_it_is_shown_and_nothing_can_go_back(
    house: House,
) -> None:
    booked, dispute_id = disputed(house)
    wait_until(house, dispute_id, "open")

    at_first = shown(house, booked)
    refused = request_refund(house, booked)
    house.stripe.close_dispute(dispute_id, won=False)
    wait_until(house, dispute_id, "lost")
    at_last = shown(house, booked)
    page = staff_do(house, "bookings", "show", booked.number).stdout

    for file in (at_first, at_last):
        assert file["money"]["disputed_cents"] == PAID
        assert (file["money"]["charged_cents"], file["money"]["net_cents"]) == (PAID, 0)
    movement = at_last["money"]["movements"][-1]
    assert (movement["kind"], movement["stripe_id"]) == ("dispute", dispute_id)
    assert (at_first["money"]["movements"][-1]["status"], movement["status"]) == ("open", "lost")
    assert at_first["disputes"][0]["due_by"] is not None
    assert dispute_id in page
    assert re.search(r"disputed\s+\$995\.00", page)
    assert (refused.returncode, refused.stderr.split(":")[0]) == (1, "refund_exceeds_payment")
    assert request_refund(house, booked).returncode == 1
    assert house.guest.cancellation(booked).json()["refund_cents"] == 0
    assert house.stripe.refunds(booked.intent_id) == []
    assert ledger(house, booked)["dispute_losses"] == PAID
    house.wait_until_nothing_is_owed()
    alerts = house.rows(
        'SELECT subject FROM messages WHERE "to" = %s AND booking_id = %s ORDER BY created_at',
        STAFF_EMAIL,
        booked.id,
    )
    assert [row["subject"].rpartition(" ")[2] for row in alerts] == ["open", "lost"]


def test_given_a_disputed_charge_when_it_is_won_then_it_can_be_refunded_again(
    house: House,
) -> None:
    booked, dispute_id = disputed(house)
    wait_until(house, dispute_id, "open")
    house.stripe.close_dispute(dispute_id, won=True)
    wait_until(house, dispute_id, "won")

    offer = house.guest.cancellation(booked).json()
    cancelled = house.guest.cancel(booked, expected_refund_cents=offer["refund_cents"])
    back = eventually(lambda: house.stripe.refunds(booked.intent_id), within_s=30)
    house.wait_until_nothing_is_owed()

    assert cancelled.status_code == 200, cancelled.text
    assert back[0]["amount"] == offer["refund_cents"] > 0
    money = shown(house, booked)["money"]
    assert (money["disputed_cents"], money["net_cents"]) == (0, PAID - offer["refund_cents"])
    assert ledger(house, booked).get("dispute_losses", 0) == 0
