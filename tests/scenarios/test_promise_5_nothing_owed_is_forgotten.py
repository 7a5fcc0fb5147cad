"""Promise 5: nothing owed is forgotten."""

import psycopg

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import House, free_port
from tests.scenarios.stripe_account import SLOW_BANK_CARD

CONFIRMED_MAIL = ("booking_received", "booking_confirmed", "receipt")
CANCEL = {"method": "POST", "path": "/v1/payment_intents/*/cancel"}
READ = {"method": "GET", "path": "/v1/payment_intents/*"}


def test_given_a_worker_that_stands_still_when_a_minute_is_over_then_health_is_red_until_it_works(
    empty_house: House,
) -> None:
    empty_house.start("service_without_worker")
    worker = empty_house.start("worker", port=free_port())
    eventually(lambda: _health(empty_house) == 200, within_s=30)

    worker.freeze()
    _let_a_minute_pass(empty_house)
    frozen = empty_house.guest.http.get("/health/")
    worker.thaw()

    assert frozen.status_code == 503
    assert frozen.json()["services"]["worker"].startswith("unhealthy: silent since")
    assert frozen.json()["services"]["scheduler"].startswith("unhealthy: silent since")
    assert empty_house.guest.http.get("/health/live").status_code == 200
    eventually(lambda: _health(empty_house) == 200, within_s=30)


def test_given_a_worker_that_was_killed_when_another_starts_then_what_was_owed_meanwhile_is_done(
    empty_house: House,
) -> None:
    empty_house.start("service_without_worker")
    worker = empty_house.start("worker", port=free_port())
    eventually(lambda: _health(empty_house) == 200, within_s=30)
    worker.kill()
    booked = _paid(empty_house)
    _let_a_minute_pass(empty_house)
    red = _health(empty_house)
    kept = empty_house.messages(booked.id)
    measured = empty_house.guest.http.get("/metrics").text

    empty_house.start("worker", port=free_port())

    assert (red, kept) == (503, [])
    assert 'totetaxi_owed_effects{state="due"} 0.0' not in measured
    assert "totetaxi_owed_effects_overdue_seconds 0.0" not in measured
    empty_house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    eventually(lambda: _health(empty_house) == 200, within_s=30)


def test_given_no_worker_ever_when_asked_then_health_is_red(empty_house: House) -> None:
    empty_house.start("service_without_worker")

    answer = empty_house.guest.http.get("/health/")

    assert (answer.status_code, answer.json()["services"]["worker"]) == (
        503,
        "unhealthy: never seen",
    )


def test_given_an_unpaid_booking_when_its_hold_is_over_then_the_worker_ends_it_unasked(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = house.guest.books(an_order(on))

    house.let_hold_lapse(booked.id)

    ended = house.wait_for_status(booked.id, "cancelled", within_s=30)
    house.wait_for_messages(booked.id, "booking_received", "hold_expired")
    assert ended["cancellation_reason"] == "payment_timeout"
    assert house.stripe.intents(booked.id)[0]["status"] == "canceled"
    assert house.crews_taken(on) == 0


def test_given_stripe_is_slow_to_cancel_when_a_hold_is_over_then_the_crew_is_freed_after_that(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = house.guest.books(an_order(on))
    house.stripe.break_down({"action": "delay_after_acting", "delay_s": 2, **CANCEL, "times": 1})

    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")
    eventually(lambda: house.stripe.intents(booked.id)[0]["status"] == "canceled", within_s=10)
    held = (house.booking(booked.id)["status"], house.crews_taken(on))

    assert held == ("pending", 1)
    house.wait_for_status(booked.id, "cancelled")
    assert house.crews_taken(on) == 0


def test_given_stripe_is_gone_altogether_when_it_is_back_then_holds_end_and_payments_count(
    empty_house: House,
) -> None:
    house = empty_house
    house.start()
    house.stripe.break_down({"action": "hold"})
    lapsed, paid = (house.guest.books(an_order(house.next_open_date())) for _ in range(2))
    house.stripe.pay(paid.intent_id)
    house.stripe.process.kill()
    without_intent = house.guest.books(an_order(house.next_open_date()))
    for booked in (lapsed, paid):
        house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")
    _wait_for_log("upkeep_refused", house)
    held = {house.booking(booked.id)["status"] for booked in (lapsed, paid, without_intent)}

    house.restart_stripe()
    house.do_upkeep("expire_holds")

    assert held == {"pending"}
    assert without_intent.answer["payment_error"] == "payment_unavailable"
    house.wait_for_status(lapsed.id, "cancelled", within_s=30)
    house.wait_for_status(paid.id, "confirmed", within_s=30)
    assert house.guest.create_intent(without_intent).status_code == 200


def test_given_stripe_cannot_be_reached_when_a_hold_is_over_then_the_crew_stays_until_it_can(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = house.guest.books(an_order(on))
    house.stripe.break_down({"action": "refuse", "status": 503, **CANCEL})

    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")
    _wait_for_log("upkeep_refused", house)
    held = (house.booking(booked.id)["status"], house.crews_taken(on))
    house.stripe.repair()
    house.do_upkeep("expire_holds")

    assert held == ("pending", 1)
    house.wait_for_status(booked.id, "cancelled")
    assert house.crews_taken(on) == 0


def test_given_a_hold_that_cannot_be_ended_when_others_are_over_too_then_they_are_ended(
    house: House,
) -> None:
    stuck, other = (house.guest.books(an_order(house.next_open_date())) for _ in range(2))
    path = f"/v1/payment_intents/{stuck.intent_id}/cancel"
    house.stripe.break_down({"action": "refuse", "status": 500, "method": "POST", "path": path})

    house.let_hold_lapse(stuck.id)
    house.let_hold_lapse(other.id)
    house.do_upkeep("expire_holds")

    house.wait_for_status(other.id, "cancelled", within_s=15)
    assert house.booking(stuck.id)["status"] == "pending"


def test_given_a_payment_that_cannot_be_looked_at_when_another_is_paid_then_that_is_confirmed(
    house: House,
) -> None:
    house.stripe.break_down({"action": "hold"})
    stuck, other = (house.guest.books(an_order(house.next_open_date())) for _ in range(2))
    path = f"/v1/payment_intents/{stuck.intent_id}"
    house.stripe.break_down({"action": "refuse", "status": 500, "method": "GET", "path": path})
    house.stripe.pay(other.intent_id)

    for booked in (stuck, other):
        house.let_attempt_age(booked.id)
    house.do_upkeep("check_payments")

    house.wait_for_status(other.id, "confirmed", within_s=15)
    assert house.booking(stuck.id)["status"] == "pending"


def test_given_the_payer_is_faster_than_the_end_of_the_hold_when_it_ends_then_it_is_confirmed(
    house: House,
) -> None:
    house.stripe.break_down({"action": "hold"})
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)

    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")

    house.wait_for_status(booked.id, "confirmed")
    assert len(house.stripe.charges(booked.id)) == 1


def test_given_a_bank_that_refuses_in_the_end_when_the_hold_is_over_then_the_crew_is_free(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = house.guest.books(an_order(on))
    house.stripe.pay(booked.intent_id, SLOW_BANK_CARD)
    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")

    house.stripe.bank_decides(booked.intent_id, approve=False)
    house.do_upkeep("expire_holds")

    house.wait_for_status(booked.id, "cancelled", within_s=30)
    assert house.crews_taken(on) == 0
    assert house.stripe.charges(booked.id) == []


def test_given_stripe_is_away_when_a_webhook_was_taken_in_then_it_is_settled_once_it_is_back(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "refuse", "status": 503, **READ})

    house.stripe.pay(booked.intent_id)
    eventually(
        lambda: house.rows(
            "SELECT id FROM owed_effects WHERE last_error LIKE 'payment_unavailable%%'"
            " AND payload ->> 'intent_id' = %s",
            booked.intent_id,
        ),
        within_s=20,
    )
    pending = house.booking(booked.id)["status"]
    house.stripe.repair()

    assert pending == "pending"
    house.wait_for_status(booked.id, "confirmed", within_s=30)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)


def test_given_every_database_connection_is_cut_when_a_booking_is_paid_then_all_goes_on(
    empty_house: House,
) -> None:
    empty_house.start()
    booked = empty_house.guest.books(an_order(empty_house.next_open_date()))

    _cut_connections(empty_house)
    empty_house.stripe.pay(booked.intent_id)

    empty_house.wait_for_status(booked.id, "confirmed", within_s=30)
    empty_house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    eventually(lambda: _health(empty_house) == 200, within_s=30)
    assert len(empty_house.stripe.charges(booked.id)) == 1


def test_given_a_confirmed_booking_when_time_passes_then_the_courier_has_its_tasks_once(
    house: House,
) -> None:
    booked = _paid(house)

    eventually(lambda: _creation(house, booked) == "done", within_s=60)

    assert _drive(house, booked) == ["created", "created"]


def _creation(house: House, booked: Booked) -> str:
    """Return how it stands with having the booking's tasks created, which is owed once."""
    [owed] = house.rows(
        "SELECT state FROM owed_effects WHERE cause = %s", f"create_courier_tasks:{booked.id}"
    )
    state: str = owed["state"]
    return state


def _drive(house: House, booked: Booked) -> list[str]:
    found = house.rows(
        "SELECT status FROM courier_tasks WHERE booking_id = %s ORDER BY leg", booked.id
    )
    return [row["status"] for row in found]


def _paid(house: House) -> Booked:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    return booked


def _health(house: House) -> int:
    return house.guest.http.get("/health/").status_code


def _let_a_minute_pass(house: House) -> None:
    assert house.change("UPDATE heartbeats SET beat_at = beat_at - interval '60 seconds'")


def _cut_connections(house: House) -> None:
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'totetaxi%'"
            " AND application_name <> 'totetaxi-sandbox'"
        )


def _wait_for_log(words: str, house: House) -> None:
    eventually(lambda: words in house.output(), within_s=30)
