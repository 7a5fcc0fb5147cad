"""`totetaxi reconcile` with real processes: a lost webhook, and kill -9 in the middle."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs
import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import House

ENDS_WITHIN_S: Final = 60
FOR_EVER_S: Final = 600
AHEAD: Final = timedelta(minutes=20)
CONFIRMED_MAIL: Final = ("booking_received", "booking_confirmed", "receipt")


@attrs.frozen
class CommandLine:
    """Runs commands as processes; it reconciles twenty minutes ahead, when no drift is young."""

    house: House
    started: list[subprocess.Popen[str]] = attrs.field(factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        now = _now(ahead=AHEAD if "reconcile" in arguments else timedelta(0))
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "totetaxi_cli.main", *arguments],
            env={**kept, **self.house.environ, "TOTETAXI_NOW": now},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str) -> tuple[int, Any]:
        """Return the exit code and the JSON."""
        process = self.start(*arguments, "--json")
        out, err = process.communicate(timeout=ENDS_WITHIN_S)
        assert out, err
        return process.returncode, json.loads(out)

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=ENDS_WITHIN_S)


@pytest.fixture
def house(empty_house: House) -> House:
    """A house whose worker is off."""
    empty_house.start("service_without_worker")
    return empty_house


@pytest.fixture
def totetaxi(house: House) -> Iterator[CommandLine]:
    command_line = CommandLine(house)
    yield command_line
    command_line.stop_all()


def test_given_a_lost_webhook_and_no_worker_when_repaired_then_the_booking_is_confirmed(
    house: House, totetaxi: CommandLine
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "hold"})
    house.stripe.pay(booked.intent_id)

    looked = totetaxi.run("reconcile")
    status_before = house.booking(booked.id)["status"]
    mended = totetaxi.run("reconcile", "--repair")
    again = totetaxi.run("reconcile")

    assert (looked[0], _kinds(looked[1]), status_before) == (
        1,
        [("paid_at_stripe_pending_here", "repairable")],
        "pending",
    )
    assert (mended[0], _kinds(mended[1])) == (0, [("paid_at_stripe_pending_here", "repaired")])
    assert mended[1]["drifts"][0]["booking_number"] == booked.number
    assert (again[0], again[1]["drifts"]) == (0, [])
    assert house.booking(booked.id)["status"] == "confirmed"


def test_given_a_kill_while_it_sends_a_refund_when_run_again_then_there_is_one_refund(
    house: House, totetaxi: CommandLine
) -> None:
    unheard = house.guest.books(an_order(house.next_open_date()))
    booked = _paid(house)
    _approve_refund(booked, totetaxi, amount_cents=5_000)
    house.stripe.break_down(
        {"action": "hold"},
        {
            "action": "delay_after_acting",
            "method": "POST",
            "path": "/v1/refunds",
            "delay_s": FOR_EVER_S,
        },
    )
    house.stripe.pay(unheard.intent_id)

    cut_off = totetaxi.start("reconcile", "--repair")
    eventually(lambda: house.stripe.refunds(booked.intent_id), within_s=ENDS_WITHIN_S)
    cut_off.kill()
    cut_off.wait(ENDS_WITHIN_S)
    stored = house.rows("SELECT status FROM refunds WHERE booking_id = %s", booked.id)
    house.change("DELETE FROM sandbox.stripe_faults WHERE action <> 'hold'")
    code, done = totetaxi.run("reconcile", "--repair")

    assert stored == [{"status": "approved"}]
    assert (code, done["unrepaired"]) == (0, 0)
    assert ("refund_stuck_here", "repaired") in _kinds(done)
    assert [one["amount"] for one in house.stripe.refunds(booked.intent_id)] == [5_000]
    refunds = house.rows("SELECT status, amount_cents FROM refunds")
    assert refunds == [{"status": "succeeded", "amount_cents": 5_000}]
    assert house.booking(unheard.id)["status"] == "confirmed"
    house.stripe.repair()
    house.start("worker", TOTETAXI_NOW=_now(ahead=AHEAD))
    house.wait_for_messages(unheard.id, *CONFIRMED_MAIL)
    assert len(house.stripe.refunds(booked.intent_id)) == 1


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


def _now(*, ahead: timedelta) -> str:
    return (datetime.now(UTC) + ahead).isoformat()


def _paid(house: House) -> Booked:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    return booked


def _approve_refund(booked: Booked, totetaxi: CommandLine, *, amount_cents: int) -> None:
    asked = totetaxi.run(
        *("refunds", "request", booked.number, "--as", "maria", "--reason", "a box was wet"),
        *("--amount-cents", str(amount_cents)),
    )[1]
    assert totetaxi.run("refunds", "approve", asked["id"], "--as", "lou")[0] == 0


def _kinds(answer: Any) -> list[tuple[str, str]]:  # noqa: ANN401  whatever JSON holds
    return [(drift["kind"], drift["outcome"]) for drift in answer["drifts"]]
