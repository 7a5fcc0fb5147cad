"""kill -9 with a booking at every step between its request and its confirmation."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from typing import Any, Final

import attrs
import httpx
import psycopg
import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Json, an_order
from tests.scenarios.house import House, open_house

CREATE: Final = {"method": "POST", "path": "/v1/payment_intents", "times": 1}
FOR_EVER_S: Final = 600
CONFIRMED_MAIL: Final = ("booking_received", "booking_confirmed", "receipt")
A_MINUTE_S: Final = 60
KEY: Final = "the-key-of-a-request-that-was-cut-off"


@attrs.frozen(kw_only=True)
class Interrupted:
    """The house after the restart, and who stood at which step when the power went."""

    house: House
    in_transaction: Json
    free_date: date
    before_intent: Json
    before_intent_is_stored: Json
    paid: Booked
    settling: Booked
    confirming: Booked
    confirmed: Booked
    refunding: Booked
    second_intent_id: str


@pytest.fixture(scope="module")
def interrupted(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Interrupted]:
    """Bring a booking to each step, kill the service, and start it again."""
    with (
        open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as house,
        ThreadPoolExecutor() as threads,
    ):
        service = house.start()
        with ExitStack() as locks:
            state = _bring_to_each_step(house, threads, locks)
            service.kill()
        house.change("DELETE FROM sandbox.stripe_faults WHERE action <> 'hold'")
        house.start()
        yield state


def test_given_a_kill_in_the_booking_transaction_when_restarted_then_nothing_was_booked(
    interrupted: Interrupted,
) -> None:
    house, order = interrupted.house, interrupted.in_transaction
    stored = house.rows("SELECT id FROM bookings WHERE contact_email = %s", order["email"])
    crews_taken = house.crews_taken(interrupted.free_date)

    again = house.guest.book(order)

    assert (stored, crews_taken) == ([], 1)
    assert again.status_code == 201


def test_given_a_kill_before_the_intent_was_made_when_asked_again_then_it_can_be_paid_once(
    interrupted: Interrupted,
) -> None:
    house, order = interrupted.house, interrupted.before_intent
    booking_id = _booking_of(order, house)

    answer = house.guest.book(order)
    intent_id = answer.json()["payment"]["payment_intent_id"]
    house.stripe.pay(intent_id)
    house.do_upkeep("check_payments")

    assert (answer.status_code, answer.json()["booking"]["id"]) == (200, booking_id)
    house.let_attempt_age(booking_id)
    house.wait_for_status(booking_id, "confirmed")
    assert [each["id"] for each in house.stripe.intents(booking_id)] == [intent_id]


def test_given_a_kill_before_the_intent_was_stored_when_replayed_then_it_is_the_same_intent(
    interrupted: Interrupted,
) -> None:
    house, order = interrupted.house, interrupted.before_intent_is_stored
    booking_id = _booking_of(order, house)
    running = house.guest.book(order, key=KEY)
    house.change("UPDATE idempotency_records SET leased_until = now() WHERE key = %s", KEY)

    replay = house.guest.book(order, key=KEY)
    booked = Booked.from_answer(replay.json())
    asked = house.guest.create_intent(booked).json()

    assert (running.status_code, running.json()["error_type"]) == (409, "idempotency_in_progress")
    assert (replay.status_code, replay.headers["Idempotency-Replayed"]) == (201, "true")
    assert booked.id == booking_id
    known = [each["id"] for each in house.stripe.intents(booking_id)]
    assert known == [booked.intent_id] == [asked["payment_intent_id"]]


def test_given_a_kill_after_paying_and_no_webhook_when_restarted_then_confirmed_within_a_minute(
    interrupted: Interrupted,
) -> None:
    _assert_confirmed_once(interrupted.paid, interrupted.house)


def test_given_a_kill_while_settling_when_restarted_then_it_is_confirmed_within_a_minute(
    interrupted: Interrupted,
) -> None:
    _assert_confirmed_once(interrupted.settling, interrupted.house)


def test_given_a_kill_while_the_browser_confirms_when_restarted_then_confirmed_within_a_minute(
    interrupted: Interrupted,
) -> None:
    _assert_confirmed_once(interrupted.confirming, interrupted.house)


def test_given_a_kill_between_settling_and_its_mails_when_restarted_then_each_is_kept_once(
    interrupted: Interrupted,
) -> None:
    house = interrupted.house

    house.let_time_pass()

    house.wait_for_messages(interrupted.confirmed.id, *CONFIRMED_MAIL)
    assert house.booking(interrupted.confirmed.id)["version"] == 2


def test_given_a_kill_before_a_refund_was_stored_when_restarted_then_it_was_sent_once(
    interrupted: Interrupted,
) -> None:
    house, booked = interrupted.house, interrupted.refunding

    house.let_time_pass()

    eventually(
        lambda: house.rows(
            "SELECT id FROM refunds WHERE booking_id = %s AND status = 'succeeded'", booked.id
        ),
        within_s=A_MINUTE_S,
    )
    house.wait_for_messages(
        booked.id, *CONFIRMED_MAIL, "second_payment_refunded", "staff_alert", "refund_sent"
    )
    sent = [each["amount"] for each in house.stripe.refunds(interrupted.second_intent_id)]
    assert sent == [booked.total_cents]
    assert house.stripe.refunds(booked.intent_id) == []


def test_given_all_of_that_when_everything_is_done_then_nothing_is_owed_and_nobody_paid_twice(
    interrupted: Interrupted,
) -> None:
    house = interrupted.house

    house.stripe.repair()
    house.let_time_pass()

    house.wait_until_nothing_is_owed(within_s=3 * A_MINUTE_S)
    bookings = house.rows("SELECT id FROM bookings WHERE id <> %s", interrupted.refunding.id)
    charged = [len(house.stripe.charges(str(row["id"]))) for row in bookings]
    kept = house.rows("SELECT count(*), count(DISTINCT (booking_id, kind)) AS kinds FROM messages")
    assert max(charged) == 1
    assert kept[0]["count"] == kept[0]["kinds"]


def _bring_to_each_step(house: House, threads: ThreadPoolExecutor, locks: ExitStack) -> Interrupted:
    free_date = house.next_open_date()
    house.guest.books(an_order(free_date))
    paid, settling, confirming, confirmed, refunding = (
        house.guest.books(an_order(house.next_open_date())) for _ in range(5)
    )
    house.stripe.pay(refunding.intent_id)
    assert house.guest.confirm(refunding).status_code == 200
    house.wait_until_nothing_is_owed()
    second_intent_id = _stop_while_refunding(refunding, house)
    _stop_while_settling(settling, house)
    orders = [an_order(house.next_open_date()) for _ in range(2)]
    _stop_in_create("delay", orders[0], house, threads)
    _stop_in_create("delay_after_acting", orders[1], house, threads)
    house.stripe.break_down({"action": "hold"})
    house.stripe.pay(paid.intent_id)
    _stop_while_confirming(confirming, house, threads)
    _stop_before_the_mails(confirmed, house, locks)
    in_transaction = an_order(free_date)
    _stop_in_transaction(in_transaction, house, threads, locks)
    return Interrupted(
        house=house,
        in_transaction=in_transaction,
        free_date=free_date,
        before_intent=orders[0],
        before_intent_is_stored=orders[1],
        paid=paid,
        settling=settling,
        confirming=confirming,
        confirmed=confirmed,
        refunding=refunding,
        second_intent_id=second_intent_id,
    )


def _stop_while_refunding(booked: Booked, house: House) -> str:
    """Pay a second time; Stripe sends that back, and we do not hear of it."""
    rule = {"method": "POST", "path": "/v1/refunds", "times": 1, "delay_s": FOR_EVER_S}
    # No event may tell us in its stead.
    untold = {"action": "hold", "event": "*refund*"}
    house.stripe.break_down({"action": "delay_after_acting", **rule}, untold)
    intent_id = house.pay_behind_our_back(booked)
    eventually(lambda: house.stripe.refunds(intent_id), within_s=10)
    return intent_id


def _stop_while_settling(booked: Booked, house: House) -> None:
    _hang_reads_of(booked, house)
    house.stripe.pay(booked.intent_id)
    _wait_for_lease("payload ->> 'intent_id'", booked.intent_id, house)


def _stop_while_confirming(booked: Booked, house: House, threads: ThreadPoolExecutor) -> None:
    _hang_reads_of(booked, house)
    house.stripe.pay(booked.intent_id)
    _cut_off(threads, lambda: house.guest.confirm(booked))
    path = f"/v1/payment\\_intents/{booked.intent_id}".replace("pi_", "pi\\_")
    eventually(
        lambda: house.rows(
            "SELECT id FROM sandbox.stripe_faults WHERE path = %s AND times < 100", path
        ),
        within_s=10,
    )


def _hang_reads_of(booked: Booked, house: House) -> None:
    path = f"/v1/payment_intents/{booked.intent_id}"
    rule = {"method": "GET", "path": path, "delay_s": FOR_EVER_S, "times": 100}
    house.stripe.break_down({"action": "delay", **rule})


def _stop_in_create(action: str, order: Json, house: House, threads: ThreadPoolExecutor) -> None:
    house.stripe.break_down({"action": action, "delay_s": FOR_EVER_S, **CREATE})
    key = KEY if action == "delay_after_acting" else None
    _cut_off(threads, lambda: house.guest.book(order, key=key))
    eventually(
        lambda: house.rows(
            "SELECT id FROM sandbox.stripe_faults WHERE action = %s AND times = 0", action
        ),
        within_s=10,
    )
    if action == "delay_after_acting":
        eventually(lambda: house.stripe.intents(_booking_of(order, house)), within_s=10)


def _stop_before_the_mails(booked: Booked, house: House, locks: ExitStack) -> None:
    _lock(locks, house, "LOCK TABLE messages IN EXCLUSIVE MODE")
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    _wait_for_lease("payload ->> 'booking_id'", booked.id, house)


def _stop_in_transaction(
    order: Json, house: House, threads: ThreadPoolExecutor, locks: ExitStack
) -> None:
    _lock(locks, house, "SELECT 1 FROM crew_half_hours FOR UPDATE")
    _cut_off(threads, lambda: house.guest.book(order))
    eventually(
        lambda: house.rows(
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND query LIKE '%crew_half_hours%' AND datname = current_database()"
        ),
        within_s=10,
    )


def _lock(locks: ExitStack, house: House, statement: str) -> None:
    connection = locks.enter_context(psycopg.connect(house.database_url))
    connection.execute(statement.encode())


def _cut_off(threads: ThreadPoolExecutor, call: Callable[[], httpx.Response]) -> Future[Any]:
    """Call in the background; the caller will see its connection cut."""

    def attempt() -> httpx.Response | None:
        try:
            return call()
        except httpx.TransportError:
            return None

    return threads.submit(attempt)


def _wait_for_lease(expression: str, value: str, house: House) -> None:
    query = f"SELECT id FROM owed_effects WHERE {expression} = %s AND leased_until > now()"  # noqa: S608  ours
    eventually(lambda: house.rows(query, value), within_s=10)


def _booking_of(order: Json, house: House) -> str:
    query = "SELECT id FROM bookings WHERE contact_email = %s"
    found = eventually(lambda: house.rows(query, order["email"]), within_s=10)
    assert len(found) == 1
    return str(found[0]["id"])


def _assert_confirmed_once(booked: Booked, house: House) -> None:
    house.wait_for_status(booked.id, "confirmed", within_s=A_MINUTE_S)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    assert len(house.stripe.charges(booked.id)) == 1
