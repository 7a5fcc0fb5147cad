"""`totetaxi reconcile` with real processes: a lost webhook, and what is left to a person."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.forked_process import run_forked
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import an_order
from tests.scenarios.house import House

ENDS_WITHIN_S: Final = 60
AHEAD: Final = timedelta(minutes=20)


@pytest.fixture
def house(empty_house: House) -> House:
    """A house whose worker is off."""
    empty_house.start("service_without_worker")
    return empty_house


def test_given_a_lost_webhook_and_no_worker_when_repaired_then_the_booking_is_confirmed(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "hold"})
    house.stripe.pay(booked.intent_id)

    looked = reconcile(house)
    status_before = house.booking(booked.id)["status"]
    mended = reconcile(house, "--repair")
    again = reconcile(house)

    assert (looked[0], _kinds(looked[1]), status_before) == (
        1,
        [("paid_at_stripe_pending_here", "repairable")],
        "pending",
    )
    assert (mended[0], _kinds(mended[1])) == (0, [("paid_at_stripe_pending_here", "repaired")])
    assert mended[1]["drifts"][0]["booking_number"] == booked.number
    assert (again[0], again[1]["drifts"]) == (0, [])
    assert house.booking(booked.id)["status"] == "confirmed"


def test_given_a_drift_for_a_person_when_the_worker_looks_twice_then_staff_hear_of_it_once(
    empty_house: House,
) -> None:
    house = empty_house
    house.start()
    booked = house.guest.books(an_order(house.next_open_date()))
    house.change(
        "UPDATE bookings SET status = 'confirmed', hold_expires_at = NULL WHERE id = %s", booked.id
    )

    for _ in range(2):
        house.change("DELETE FROM heartbeats WHERE name = 'reconcile'")
        house.do_upkeep("reconcile")
        eventually(
            lambda: house.rows("SELECT 1 FROM heartbeats WHERE name = 'reconcile'"),
            within_s=ENDS_WITHIN_S,
        )

    house.wait_for_messages(booked.id, "booking_received", "drift_found")
    metrics = house.guest.http.get("/metrics").text
    assert 'totetaxi_open_drifts{kind="confirmed_without_payment"} 1.0' in metrics
    assert 'totetaxi_open_drifts{kind="amount_differs"} 0.0' in metrics


def reconcile(house: House, *arguments: str) -> tuple[int, Any]:
    """Reconcile twenty minutes ahead, when no drift is young; return the exit code and the JSON."""
    done = run_forked(
        ["-m", "totetaxi_cli.main", "reconcile", *arguments, "--json"],
        env={
            "PATH": os.environ["PATH"],
            **house.environ,
            "TOTETAXI_NOW": (datetime.now(UTC) + AHEAD).isoformat(),
        },
        timeout=ENDS_WITHIN_S,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def _kinds(answer: Any) -> list[tuple[str, str]]:  # noqa: ANN401  whatever JSON holds
    return [(drift["kind"], drift["outcome"]) for drift in answer["drifts"]]
