"""Who may do what without an account; limits on how often; and every path with its slash."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from secrets import token_hex
from typing import Any, Final

import httpx
import pytest
import stripe

from tests.scenarios.guest import Booked, Guest, an_order
from tests.scenarios.house import WEBHOOK_SECRET, House

UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def mine(shared_house: House) -> Booked:
    return shared_house.guest.books(an_order(shared_house.next_open_date()))


@pytest.fixture(scope="module")
def theirs(shared_house: House) -> Booked:
    return shared_house.guest.books(an_order(shared_house.next_open_date()))


def test_given_no_token_or_another_booking_s_when_paying_or_confirming_then_it_is_a_401(
    house: House, mine: Booked, theirs: Booked
) -> None:
    headers: list[dict[str, str]] = [{}, {"X-Manage-Token": theirs.manage_token}]
    intent, confirm = {"booking_id": mine.id}, {**_confirm(mine, mine.intent_id)}

    answers = [
        house.guest.post(path, body, each)
        for each in headers
        for path, body in (("payments/create-intent", intent), ("payments/confirm", confirm))
    ]

    told = {(answer.status_code, answer.json()["error_type"]) for answer in answers}
    assert told == {(401, "invalid_manage_token")}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}


def test_given_a_manage_token_when_managing_then_its_own_booking_is_shown(
    house: House, mine: Booked
) -> None:
    headers = {"X-Manage-Token": mine.manage_token}

    shown = house.guest.http.get("/api/public/manage", headers=headers).json()
    none = house.guest.http.get("/api/public/manage")

    assert (shown["id"], shown["email"]) == (mine.id, mine.email)
    assert none.status_code == 401


def test_given_the_mail_of_a_booking_when_its_link_is_used_then_it_manages_that_booking(
    house: House, mine: Booked
) -> None:
    house.wait_for_messages(mine.id, "booking_received")
    [mail] = house.mails(mine.id, "booking_received")
    kept = house.rows("SELECT text FROM messages WHERE booking_id = %s", mine.id)[0]["text"]

    token = re.search(r"manage_token=(\S+)", mail)

    assert token is not None
    assert token[1] == mine.manage_token
    assert mine.manage_token not in kept


def test_given_another_booking_s_intent_when_confirming_then_it_is_not_found(
    house: House, mine: Booked, theirs: Booked
) -> None:
    house.stripe.pay(theirs.intent_id)

    answers = [
        house.guest.confirm(mine, theirs.intent_id),
        house.guest.confirm(mine, "pi_nobody"),
        house.guest.confirm(mine, house.stripe.create_intent(amount_cents=100, metadata={})),
    ]

    told = {(answer.status_code, answer.json()["error_type"]) for answer in answers}
    assert told == {(404, "intent_not_found")}
    assert house.booking(mine.id)["status"] == "pending"


def test_given_a_booking_number_when_its_status_is_asked_for_then_nothing_personal_is_told(
    house: House, mine: Booked
) -> None:
    answers = [
        house.guest.get(f"public/booking-status/{number}")
        for number in (mine.number, mine.number.lower())
    ]

    assert {answer.status_code for answer in answers} == {200}
    told = answers[0].text
    assert not [word for word in (mine.email, "Lovelace", "350 5th", mine.id) if word in told]


def test_given_a_webhook_with_a_bad_signature_when_sent_then_it_is_a_400_and_not_stored(
    house: House, mine: Booked
) -> None:
    body = _event(mine.intent_id)
    good = _signature(body)
    headers = {
        "no signature": {},
        "an empty one": {"Stripe-Signature": ""},
        "another body's": {"Stripe-Signature": _signature(body + " ")},
        "another secret's": {"Stripe-Signature": _signature(body, secret="whsec_other")},
        "an old one": {"Stripe-Signature": _signature(body, timestamp=1_700_000_000)},
        "a broken one": {"Stripe-Signature": good[:-1]},
        "no signature at all": {"Stripe-Signature": "é,=,t=x,v1="},
    }

    answers = {name: _send_event(house, body, each) for name, each in headers.items()}

    told = {
        name: (answer.status_code, answer.json()["error_type"]) for name, answer in answers.items()
    }
    assert told == dict.fromkeys(headers, (400, "invalid_signature"))
    event_id = json.loads(body)["id"]
    assert house.rows("SELECT id FROM provider_events WHERE id = %s", event_id) == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\x00", b'{"id": 5}', b'{"object": "event"}', b"9" * 5_000],
)
def test_given_a_signed_body_that_is_no_event_when_sent_then_it_is_a_400(
    house: House, raw: bytes
) -> None:
    signature = _signature(raw.decode("utf-8", "replace"))

    answer = _send_event(house, raw, {"Stripe-Signature": signature})

    assert answer.status_code == 400


def test_given_a_signed_event_when_sent_twice_then_it_is_taken_in_once(
    house: House, mine: Booked
) -> None:
    body = _event(mine.intent_id)

    answers = [
        _send_event(house, body, {"Stripe-Signature": _signature(body)}).json() for _ in range(2)
    ]

    event_id = json.loads(body)["id"]
    assert answers == [{"received": True}] * 2
    owed = house.rows("SELECT id FROM owed_effects WHERE cause = %s", f"settle_intent:{event_id}")
    assert len(owed) == 1


def test_given_events_that_claim_what_is_not_so_when_sent_then_nothing_is_believed(
    house: House, mine: Booked
) -> None:
    for kind in ("payment_intent.succeeded", "payment_intent.canceled", "unheard.of"):
        body = _event(mine.intent_id, kind=kind)
        answer = _send_event(house, body, {"Stripe-Signature": _signature(body)})
        assert answer.status_code == 200

    house.wait_until_nothing_is_owed()
    assert house.booking(mine.id)["status"] == "pending"


def test_given_every_path_when_asked_with_and_without_its_slash_then_both_answer_alike(
    house: House, mine: Booked
) -> None:
    document = house.guest.http.get("/schema/openapi.json").json()
    calls = [*_calls(document, mine)]

    answers = [
        tuple(
            house.guest.http.request(method, f"{path}{slash}", json={}).status_code
            for slash in ("", "/")
        )
        for method, path in calls
    ]

    assert len(calls) >= 15
    assert [
        call for call, (bare, slashed) in zip(calls, answers, strict=True) if bare != slashed
    ] == []
    assert not {status for pair in answers for status in pair} & {307, 308, 405, 500}


def test_given_two_services_when_one_address_books_too_often_then_both_refuse_it(
    empty_house: House,
) -> None:
    limits = {"RATELIMIT_ENABLE": "true", "RATELIMIT_BOOKING": "10/minute"}
    limits |= {"RATELIMIT_LOOKUP": "5/minute"}
    guests = [empty_house.start_another(**limits) for _ in range(2)]

    booked = [guests[number % 2].post("public/guest-booking", {}) for number in range(14)]
    looked = [guests[number % 2].get("public/booking-status/TT-00000000") for number in range(8)]

    assert Counter(answer.status_code for answer in booked) == {400: 10, 429: 4}
    assert Counter(answer.status_code for answer in looked) == {404: 5, 429: 3}
    refused = [answer for answer in (*booked, *looked) if answer.status_code == 429]
    assert {answer.json()["error_type"] for answer in refused} == {"rate_limited"}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 60 for answer in refused)
    assert _is_open(guests[0])


def _is_open(guest: Guest) -> bool:
    """Webhooks and the catalog have limits of their own."""
    webhook = guest.http.post("/api/payments/webhook/", content=b"{}")
    return (webhook.status_code, guest.get("public/services").status_code) == (400, 200)


def _calls(document: dict[str, Any], booked: Booked) -> Iterator[tuple[str, str]]:
    filled = {
        "{zip_code}": "10001",
        "{booking_number}": booked.number,
        "{service_id}": UNKNOWN,
    }
    for path, operations in document["paths"].items():
        for method in operations:
            shown = path
            for name, value in filled.items():
                shown = shown.replace(name, value)
            yield method.upper(), shown.rstrip("/")


def _confirm(booked: Booked, intent_id: str) -> dict[str, str]:
    return {"booking_id": booked.id, "payment_intent_id": intent_id}


def _event(intent_id: str, *, kind: str = "payment_intent.succeeded") -> str:
    return json.dumps(
        {
            "id": f"evt_{token_hex(8)}",
            "object": "event",
            "api_version": stripe.api_version,
            "created": 1_700_000_000,
            "livemode": False,
            "type": kind,
            "data": {
                "object": {"id": intent_id, "object": "payment_intent", "status": "succeeded"}
            },
        }
    )


def _signature(body: str, *, secret: str = WEBHOOK_SECRET, timestamp: int | None = None) -> str:
    signed = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=timestamp)
    return str(signed)


def _send_event(house: House, body: str | bytes, headers: dict[str, str]) -> httpx.Response:
    raw = body.encode() if isinstance(body, str) else body
    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    return house.guest.http.post("/api/payments/webhook/", content=raw, headers=encoded)
