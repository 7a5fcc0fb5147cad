"""Staff book; the guest pays by the link in the mail, once, until the hold ends."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import attrs
import httpx
import pytest

from tests.forked_process import run_forked
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Json, an_order
from tests.scenarios.house import House
from tests.scenarios.stripe_account import SLOW_BANK_CARD

COMMAND = ("-m", "totetaxi_cli.main")
MAILED = r"http://\S+/api/public/pay\?manage_token=\S+"
CONFIRMED_MAIL = ("booking_received", "booking_confirmed", "receipt")
PAY = {"method": "POST", "path": "/v1/checkout/sessions"}
DAY_S, MARGIN_S = 86_400, 300


@attrs.frozen(kw_only=True)
class ByStaff:
    """A booking that staff made, and the link that was mailed for it."""

    id: str
    number: str
    link: str
    intent_id: str


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=40) as client:
        yield client


def staff_do(house: House, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "DATABASE_URL": house.database_url,
        "STRIPE_API_BASE": house.stripe.base,
        "TOTETAXI_STAFF": "maria",
        "PORT": str(house.port),
    }
    return run_forked([*COMMAND, *arguments], env=environ, text=text)


def letters(house: House, booking_id: str, kind: str) -> list[str]:
    return house.mails(booking_id, kind)


def book_by_staff(house: House) -> ByStaff:
    order = json.dumps(an_order(house.next_open_date()))
    made = staff_do(house, "bookings", "create", "--file", "-", "--json", text=order)
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    booking_id = answer["booking"]["id"]
    [letter] = eventually(lambda: letters(house, booking_id, "booking_received"), within_s=20)
    found = re.search(MAILED, letter)
    assert found is not None, letter
    return ByStaff(
        id=booking_id,
        number=answer["booking"]["booking_number"],
        link=found[0],
        intent_id=answer["payment"]["payment_intent_id"],
    )


def renew(house: House, booked: ByStaff) -> Json:
    renewed = staff_do(house, "payments", "link", booked.number, "--json")
    assert renewed.returncode == 0, renewed.stderr
    told: Json = json.loads(renewed.stdout)
    return told


def follow(browser: httpx.Client, link: str) -> str:
    """Follow the link, and return the id of the session it leads to."""
    answer = browser.get(link)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def attempts(house: House, booked: ByStaff) -> list[tuple[str, str]]:
    rows = house.rows(
        "SELECT kind, state FROM payment_attempts WHERE booking_id = %s ORDER BY number", booked.id
    )
    return [(row["kind"], row["state"]) for row in rows]


def test_given_a_mailed_link_when_followed_and_paid_then_the_webhook_confirms_the_booking(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)

    session_id = follow(browser, booked.link)
    page = browser.get(house.stripe.session(session_id)["url"])
    assert house.stripe.pay_session(session_id).status_code == 200

    house.wait_for_status(booked.id, "confirmed", within_s=20)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    assert (page.status_code, booked.number in page.text) == (200, True)
    assert len(house.stripe.charges(booked.id)) == 1
    assert attempts(house, booked) == [("intent", "ended"), ("checkout", "succeeded")]
    [first] = [one for one in house.stripe.intents(booked.id) if one["id"] == booked.intent_id]
    assert first["status"] == "canceled"


def test_given_a_link_when_followed_then_nobody_learns_its_token(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    token = booked.link.partition("=")[2]

    answers = [
        browser.get(booked.link),
        browser.get(booked.link + "x"),
        browser.get(booked.link.partition("?")[0]),
    ]

    told = [(answer.status_code, answer.json()["error_type"]) for answer in answers[1:]]
    assert answers[0].status_code == 303
    assert told == [(401, "invalid_manage_token")] * 2
    for answer in answers[:2]:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert token not in answer.headers.get("location", "") + answer.text
    assert token not in house.output()


def test_given_a_link_when_many_follow_it_at_once_then_there_is_one_page(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)

    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda link: follow(browser, link), [booked.link] * 4))

    assert len(set(pages)) == 1
    assert [each for each in attempts(house, booked) if each[1] == "live"] == [("checkout", "live")]


def test_given_an_open_page_when_staff_send_a_new_link_then_the_old_page_takes_no_card(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    old = follow(browser, booked.link)

    told = renew(house, booked)
    new = follow(browser, told["url"])

    assert (told["has_replaced"], told["booking_number"]) == (True, booked.number)
    assert house.stripe.session(old)["status"] == "expired"
    assert house.stripe.pay_session(old).status_code == 400
    assert house.stripe.session(new)["status"] == "open"
    [letter] = eventually(lambda: letters(house, booked.id, "payment_link"), within_s=20)
    assert told["url"] in letter
    held = house.booking(booked.id)["hold_expires_at"]
    ends_in = house.stripe.session(new)["expires_at"] - held.timestamp()
    assert -MARGIN_S <= ends_in <= 0
    acts = house.rows(
        "SELECT staff_name, action_type FROM staff_acts WHERE booking_id = %s ORDER BY created_at",
        booked.id,
    )
    assert [tuple(act.values()) for act in acts][-1] == ("maria", "payment_link")


def test_given_a_page_paid_as_staff_send_a_new_link_then_one_charge_is_kept(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    old = follow(browser, booked.link)

    with ThreadPoolExecutor(2) as pool:
        paying = pool.submit(house.stripe.pay_session, old)
        renewing = pool.submit(staff_do, house, "payments", "link", booked.number)
        paid, renewed = paying.result(), renewing.result()

    charges = house.stripe.charges(booked.id)
    assert (paid.status_code == 200) is (renewed.returncode != 0) is (len(charges) == 1)
    if charges:
        house.wait_for_status(booked.id, "confirmed", within_s=20)
        assert renewed.stderr.startswith("invalid_transition: ")
    else:
        assert [state for _, state in attempts(house, booked)][-1] == "live"


def test_given_an_old_page_and_a_new_one_both_paid_when_told_then_one_charge_goes_back(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    old = follow(browser, booked.link)
    house.change("UPDATE payment_attempts SET state = 'ended' WHERE booking_id = %s", booked.id)
    new = follow(browser, booked.link)
    house.stripe.break_down({"action": "hold"})
    for session_id in (old, new):
        assert house.stripe.pay_session(session_id).status_code == 200
    house.stripe.repair()

    house.wait_for_status(booked.id, "confirmed", within_s=20)
    charges = house.stripe.charges(booked.id)
    assert len(charges) == 2
    backs = eventually(
        lambda: [one for charge in charges for one in house.stripe.refunds(charge["id"])],
        within_s=30,
    )
    assert [one["amount"] for one in backs] == [charges[0]["amount"]]
    house.wait_for_messages(
        booked.id, *CONFIRMED_MAIL, "second_payment_refunded", "staff_alert", "refund_sent"
    )


def test_given_webhooks_that_never_come_when_a_page_is_paid_then_the_check_confirms_it(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    session_id = follow(browser, booked.link)
    house.stripe.break_down({"action": "hold"})
    assert house.stripe.pay_session(session_id).status_code == 200
    house.let_attempt_age(booked.id)

    house.wait_for_status(booked.id, "confirmed", within_s=40)
    assert len(house.stripe.charges(booked.id)) == 1


def test_given_a_hold_that_ends_when_the_page_is_open_then_it_is_closed_at_stripe_too(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    session_id = follow(browser, booked.link)
    house.let_hold_lapse(booked.id)
    refused = browser.get(booked.link)
    house.do_upkeep("expire_holds")

    house.wait_for_status(booked.id, "cancelled")
    assert (refused.status_code, refused.json()["error_type"]) == (409, "invalid_transition")
    assert house.stripe.session(session_id)["status"] == "expired"
    assert house.stripe.pay_session(session_id).status_code == 400
    assert house.stripe.charges(booked.id) == []


def test_given_a_slow_bank_when_the_hold_ends_then_the_crew_is_kept_until_it_decides(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    session_id = follow(browser, booked.link)
    assert house.stripe.pay_session(session_id, SLOW_BANK_CARD).status_code == 200
    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")
    renewed = staff_do(house, "payments", "link", booked.number)
    [intent] = [one for one in house.stripe.intents(booked.id) if one["status"] == "processing"]
    still = house.booking(booked.id)["status"]
    house.stripe.bank_decides(intent["id"], approve=True)

    house.wait_for_status(booked.id, "confirmed", within_s=20)
    assert still == "pending"
    assert renewed.stderr.startswith("invalid_transition: ")


def test_given_stripe_down_when_a_link_is_followed_then_it_says_so_and_works_later(
    house: House, browser: httpx.Client
) -> None:
    booked = book_by_staff(house)
    house.stripe.break_down({"action": "drop_after_acting", **PAY, "times": 3})

    down = browser.get(booked.link)
    house.stripe.repair()
    session_id = follow(browser, booked.link)

    assert (down.status_code, down.json()["error_type"]) == (503, "payment_unavailable")
    assert house.stripe.session(session_id)["status"] == "open"
    assert (
        house.rows("SELECT 1 FROM payment_attempts WHERE booking_id = %s AND number > 2", booked.id)
        == []
    )
