"""kill -9 of server, worker and reconciliation in the middle of money going back, and of a hold."""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import attrs
import pytest

from tests.forked_process import run_forked
from tests.scenarios.child_process import ChildProcess
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import House, open_house
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.payments.decide_refund import RefundRequest, request_refund

COMMAND: Final = ("-m", "totetaxi_cli.main")
FOR_EVER_S: Final = 600
WITHIN_S: Final = 20
HALF_CENTS: Final = 50_000
REFUND_PATH: Final = "/v1/refunds"
BY_HAND_CENTS: Final = 20_000
TRIAL_BALANCE: Final = "SELECT sum(amount_cents)::int AS cents FROM ledger_postings"
MINE: Final = "SELECT status, stripe_refund_id FROM refunds WHERE booking_id = %s ORDER BY id"


@attrs.frozen(kw_only=True)
class Killed:
    """The house after the restart, and whose money was where when the power went."""

    house: House
    unsent: Booked
    unanswered: Booked
    expiring: Booked


@pytest.fixture(scope="module")
def killed(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Killed]:
    """Hold Stripe's answers at three points, kill server and worker, and start them again."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as house:
        service = house.start()
        state = _bring_to_each_point(house)
        service.kill()
        house.stripe.repair()
        house.start()
        house.let_time_pass()
        yield state


def test_given_a_kill_before_stripe_took_a_refund_when_restarted_then_it_is_made_once(
    killed: Killed,
) -> None:
    _assert_refunded_once(killed.unsent, killed.house)


def test_given_a_kill_before_stripes_answer_came_when_restarted_then_no_second_refund_is_made(
    killed: Killed,
) -> None:
    _assert_refunded_once(killed.unanswered, killed.house)


def test_given_a_kill_between_the_cancel_at_stripe_and_ours_when_restarted_then_it_ends_once(
    killed: Killed,
) -> None:
    house, booked = killed.house, killed.expiring

    house.do_upkeep("expire_holds")

    ended = house.wait_for_status(booked.id, "cancelled", within_s=WITHIN_S)
    house.wait_for_messages(booked.id, "booking_received", "hold_expired", within_s=WITHIN_S)
    assert (ended["cancellation_reason"], ended["version"]) == ("payment_timeout", 2)
    assert house.crews_taken(ended["pickup_date"]) == 0
    assert [each["status"] for each in house.stripe.intents(booked.id)] == ["canceled"]


def test_given_all_of_that_when_everything_is_done_then_nothing_is_lost_and_the_ledger_is_even(
    killed: Killed,
) -> None:
    house = killed.house

    house.wait_until_nothing_is_owed(within_s=WITHIN_S)

    reconciled = reconcile(house)
    assert (reconciled["unrepaired"], reconciled["drifts"]) == (0, [])
    assert house.rows(TRIAL_BALANCE) == [{"cents": 0}]


def test_given_a_kill_in_the_middle_of_a_repair_when_run_again_then_each_is_mended_once(
    empty_house: House, tmp_path: Path
) -> None:
    house = empty_house
    refunding, paid = _drift_apart(house)
    by_hand = house.stripe.refund_by_hand(refunding.intent_id, BY_HAND_CENTS)
    _kill_while_sending(refunding, house, folder=tmp_path)

    mended = reconcile(house, "--repair")

    assert mended["unrepaired"] == 0
    assert {each["outcome"] for each in mended["drifts"]} == {"repaired"}
    made = house.stripe.refunds(refunding.intent_id)
    assert sorted(each["amount"] for each in made) == [BY_HAND_CENTS, HALF_CENTS]
    stored = house.rows(MINE, refunding.id)
    assert {row["stripe_refund_id"] for row in stored} == {each["id"] for each in made}
    assert by_hand in {each["id"] for each in made}
    assert house.booking(paid.id)["status"] == "confirmed"
    assert len(house.stripe.charges(paid.id)) == 1
    assert house.rows(TRIAL_BALANCE) == [{"cents": 0}]


def totetaxi(house: House, *arguments: str, **environ: str) -> Any:  # noqa: ANN401  any JSON
    """Run a command to its end and return what it printed."""
    done = run_forked(
        [*COMMAND, *arguments, "--json"],
        env={"PATH": os.environ["PATH"], **house.environ, **environ},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reconcile(house: House, *options: str) -> Any:  # noqa: ANN401  any JSON
    return totetaxi(house, "reconcile", *options, TOTETAXI_NOW=later())


def later() -> str:
    """Return two hours from now: what differs then is not just on its way."""
    return (datetime.now(UTC) + timedelta(hours=2)).isoformat()


def _bring_to_each_point(house: House) -> Killed:
    unsent, unanswered = _pays(house), _pays(house)
    expiring = house.guest.books(an_order(house.next_open_date()))
    house.wait_until_nothing_is_owed()
    # No event may tell us in the answer's stead.
    house.stripe.break_down({"action": "hold", "event": "*"})
    _hold(house, "delay", "POST", REFUND_PATH)
    _approve_half(unsent, house)
    _wait_until_held(house)
    _hold(house, "delay_after_acting", "POST", REFUND_PATH)
    _approve_half(unanswered, house)
    eventually(lambda: house.stripe.refunds(unanswered.intent_id), within_s=WITHIN_S)
    _hold(house, "delay_after_acting", "POST", "/v1/payment_intents/*/cancel")
    house.let_hold_lapse(expiring.id)
    house.do_upkeep("expire_holds")
    eventually(
        lambda: [each["status"] for each in house.stripe.intents(expiring.id)] == ["canceled"],
        within_s=WITHIN_S,
    )
    assert house.booking(expiring.id)["status"] == "pending"
    assert house.stripe.refunds(unsent.intent_id) == []
    return Killed(house=house, unsent=unsent, unanswered=unanswered, expiring=expiring)


def _pays(house: House) -> Booked:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    return booked


def _approve_half(booked: Booked, house: House) -> None:
    refund_id = asyncio.run(_request_half(booked, house))
    totetaxi(house, "refunds", "approve", str(refund_id), "--as", "lou")


async def _request_half(booked: Booked, house: House) -> UUID:
    request = RefundRequest(reason="a box was wet", amount_cents=HALF_CENTS)
    settings = settings_from({"HOME": "/nowhere"})
    async with wired(settings, house.database_url) as wiring:
        asked = await request_refund(UUID(booked.id), request, wiring.ports, staff_name="maria")
    return asked.id


def _hold(house: House, action: str, method: str, path: str) -> None:
    """Let Stripe keep its next answer to such a call for ever."""
    rule = {"method": method, "path": path, "times": 1, "delay_s": FOR_EVER_S}
    house.stripe.break_down({"action": action, **rule})


def _wait_until_held(house: House) -> None:
    """Return once every call that was to be held has come."""
    coming = "SELECT id FROM sandbox.stripe_faults WHERE action <> 'hold' AND times > 0"
    eventually(lambda: not house.rows(coming), within_s=WITHIN_S)


def _assert_refunded_once(booked: Booked, house: House) -> None:
    def stored() -> list[dict[str, Any]] | None:
        rows = house.rows(MINE, booked.id)
        return rows if [row["status"] for row in rows] == ["succeeded"] else None

    rows = eventually(stored, within_s=WITHIN_S)
    made = house.stripe.refunds(booked.intent_id)
    assert [each["id"] for each in made] == [row["stripe_refund_id"] for row in rows]
    assert [each["amount"] for each in made] == [HALF_CENTS]


def _drift_apart(house: House) -> tuple[Booked, Booked]:
    """Return one whose approved refund nobody sends, and one that paid unheard of."""
    service = house.start("service_without_worker")
    refunding = _pays(house)
    house.stripe.break_down({"action": "hold", "event": "*"})
    paid = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(paid.intent_id)
    _approve_half(refunding, house)
    service.kill()
    return refunding, paid


def _kill_while_sending(booked: Booked, house: House, *, folder: Path) -> None:
    """Kill a reconciliation when Stripe has made the refund it sends, and not answered."""
    _hold(house, "delay_after_acting", "POST", REFUND_PATH)
    arguments, environ = (
        (*COMMAND, "reconcile", "--repair"),
        {**house.environ, "TOTETAXI_NOW": later()},
    )
    with ChildProcess(arguments, environ=environ, log=folder / "reconcile.log"):
        eventually(
            lambda: (
                HALF_CENTS in [each["amount"] for each in house.stripe.refunds(booked.intent_id)]
            ),
            within_s=WITHIN_S,
        )
