"""Whatever Stripe does, a booking that is paid ends the same way: confirmed, charged once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Json, an_order
from tests.scenarios.house import House
from tests.scenarios.stripe_account import DECLINED_CARD

CONFIRMED_MAIL: Final = ("booking_received", "booking_confirmed", "receipt")
CREATE: Final = {"method": "POST", "path": "/v1/payment_intents"}
FAULTS: Final[dict[str, list[Json]]] = {
    "slow": [{"action": "delay", "delay_s": 0.5}],
    "slow after acting": [{"action": "delay_after_acting", "delay_s": 0.5}],
    "cut off before it acts": [{"action": "drop_before_acting", "times": 2}],
    "cut off after it acted": [{"action": "drop_after_acting", "times": 2}],
    "cut off for longer than we try": [{"action": "drop_after_acting", "times": 5, **CREATE}],
    "down with a 500": [{"action": "refuse", "status": 500, "times": 4}],
    "down with a 503": [{"action": "refuse", "status": 503, "times": 4}],
    "calls for patience": [{"action": "refuse", "status": 429, "times": 4}],
    "events twice": [{"action": "duplicate"}],
    "the failure is told after the success": [
        {"action": "reorder", "event": "payment_intent.payment_failed", "delay_s": 1.5}
    ],
    "the beginning is told last": [
        {"action": "reorder", "event": "payment_intent.created", "delay_s": 1.5}
    ],
    "everything at once": [
        {"action": "duplicate"},
        {"action": "reorder", "event": "payment_intent.*", "delay_s": 0.5, "times": 3},
        {"action": "drop_after_acting", "times": 2},
        {"action": "delay", "delay_s": 0.3, "times": 3},
    ],
}
KEPT_500: Final = """
CREATE FUNCTION sandbox.keep_a_500() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_ARGV[0] = 'without acting' THEN
        DELETE FROM sandbox.stripe_objects WHERE id = NEW.body ->> 'id';
    END IF;
    NEW.status := 500;
    NEW.body := '{"error": {"type": "api_error", "message": "An unknown error occurred."}}';
    RETURN NEW;
END $$"""


@pytest.mark.parametrize("fault", FAULTS)
def test_given_stripe_is_troubled_when_a_booking_is_paid_then_it_ends_as_if_all_had_gone_well(
    house: House, fault: str
) -> None:
    house.stripe.break_down(*FAULTS[fault])

    booked = house.guest.books(an_order(house.next_open_date()))
    intent_id = booked.intent_id or _ask_until_there_is_an_intent(booked, house)
    house.stripe.pay(intent_id, DECLINED_CARD)
    house.stripe.pay(intent_id)

    house.wait_for_status(booked.id, "confirmed", within_s=40)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    house.wait_until_nothing_is_owed()
    assert [each["id"] for each in house.stripe.intents(booked.id)] == [intent_id]
    assert house.stripe.refunds(intent_id) == []
    assert house.booking(booked.id)["version"] == 2


@pytest.mark.parametrize(("extent", "attempts"), [("after acting", 1), ("without acting", 2)])
def test_given_stripe_keeps_a_500_under_our_key_when_asked_again_then_there_is_one_live_intent(
    house: House, extent: str, attempts: int
) -> None:
    with _kept_500(extent, house):
        house.stripe.break_down({"action": "drop_after_acting", "times": 1, **CREATE})
        booked = house.guest.books(an_order(house.next_open_date()))

    asked = _ask_until_there_is_an_intent(booked, house)
    house.stripe.pay(asked)

    assert house.guest.confirm(booked, asked).status_code == 200
    assert booked.intent_id in ("", asked)
    assert [each["id"] for each in house.stripe.intents(booked.id)] == [asked]
    made = house.rows("SELECT id FROM payment_attempts WHERE booking_id = %s", booked.id)
    assert len(made) == attempts


def test_given_stripe_is_silent_when_booking_then_it_is_asked_again_in_time_and_makes_one_intent(
    house: House,
) -> None:
    house.stripe.break_down({"action": "delay", "delay_s": 60, **CREATE, "times": 1})

    booked = house.guest.books(an_order(house.next_open_date()))

    assert booked.answer["payment_error"] is None
    assert [each["id"] for each in house.stripe.intents(booked.id)] == [booked.intent_id]


def test_given_stripe_is_down_when_the_browser_asks_then_it_is_told_to_come_back(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "refuse", "status": 503})

    answers = [house.guest.create_intent(booked), house.guest.confirm(booked)]

    told = [(a.status_code, a.json()["error_type"], a.headers["Retry-After"]) for a in answers]
    assert told == [(503, "payment_unavailable", "5")] * 2


@contextmanager
def _kept_500(extent: str, house: House) -> Iterator[None]:
    """Have the sandbox keep a 500 under the key of every first attempt."""
    house.change(KEPT_500)
    house.change(
        "CREATE TRIGGER keep_a_500 BEFORE INSERT ON sandbox.stripe_idempotency FOR EACH ROW"
        " WHEN (NEW.key LIKE 'payment:%:1')"
        f" EXECUTE FUNCTION sandbox.keep_a_500('{extent}')"
    )
    try:
        yield
    finally:
        house.change("DROP FUNCTION sandbox.keep_a_500 CASCADE")


def _ask_until_there_is_an_intent(booked: Booked, house: House) -> str:
    def ask() -> str | None:
        answer = house.guest.create_intent(booked)
        assert answer.status_code in (200, 503), answer.text
        return str(answer.json().get("payment_intent_id") or "")

    return eventually(ask, within_s=60)
