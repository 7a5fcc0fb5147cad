"""The Idempotency-Key header of a booking."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, an_order
from tests.scenarios.house import House

CREATE: Final = {"method": "POST", "path": "/v1/payment_intents"}
REPLAYED: Final = "Idempotency-Replayed"


def test_given_the_same_key_and_body_when_sent_again_then_the_same_booking_is_answered(
    house: House,
) -> None:
    order = an_order(house.next_open_date())

    first, replay = house.guest.book(order, key="k-1"), house.guest.book(order, key="k-1")

    assert REPLAYED not in first.headers
    assert (replay.status_code, replay.headers[REPLAYED]) == (201, "true")
    assert replay.json() == first.json()
    assert len(_bookings(order["email"], house)) == 1


def test_given_the_same_body_in_another_order_and_spacing_when_sent_again_then_it_is_the_same(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    house.guest.books(order, key="k-2")

    replay = house.guest.book(dict(reversed(order.items())), key="k-2")

    assert replay.headers[REPLAYED] == "true"


def test_given_the_key_of_another_body_when_sent_then_it_is_refused(house: House) -> None:
    order = an_order(house.next_open_date())
    house.guest.books(order, key="k-3")

    answer = house.guest.book({**order, "pickup_time": "10:00"}, key="k-3")

    assert (answer.status_code, answer.json()["error_type"]) == (422, "idempotency_key_reused")
    assert len(_bookings(order["email"], house)) == 1


def test_given_the_key_of_another_guest_when_sent_then_both_book(house: House) -> None:
    on = house.next_open_date()

    first, second = (house.guest.books(an_order(on), key="shared") for _ in range(2))

    assert first.id != second.id


def test_given_ten_requests_of_one_key_at_once_when_answered_then_there_is_one_booking(
    house: House,
) -> None:
    on = house.next_open_date()
    order = an_order(on, allow_duplicate=True)

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: house.guest.book(order, key="k-4"), range(10)))
    last = eventually(lambda: _done(house.guest.book(order, key="k-4")), within_s=10)

    statuses = Counter(answer.status_code for answer in answers)
    refusals = {answer.json().get("error_type") for answer in answers if answer.status_code == 409}
    assert statuses[201] >= 1
    assert statuses[201] + statuses[409] == 10
    assert refusals <= {"idempotency_in_progress"}
    booked = {answer.json()["booking"]["id"] for answer in answers if answer.status_code == 201}
    assert booked == {last.json()["booking"]["id"]}
    assert house.crews_taken(on) == len(house.stripe.intents(booked.pop())) == 1


def test_given_the_payment_failed_to_start_when_replayed_then_it_is_started(house: House) -> None:
    order = an_order(house.next_open_date())
    house.stripe.break_down({"action": "refuse", "status": 503, **CREATE})
    first = house.guest.book(order, key="k-5").json()
    house.stripe.repair()

    replay = Booked.from_answer(house.guest.book(order, key="k-5").json())

    assert (first["payment"], first["payment_error"]) == (None, "payment_unavailable")
    assert replay.id == first["booking"]["id"]
    assert [each["id"] for each in house.stripe.intents(replay.id)] == [replay.intent_id]


def test_given_a_refused_order_when_mended_and_sent_with_its_key_then_it_is_booked(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    refused = house.guest.book({**order, "pickup_time": "06:00"}, key="k-6")

    mended = house.guest.book(order, key="k-6")

    assert (refused.status_code, mended.status_code) == (400, 201)
    assert REPLAYED not in mended.headers


def test_given_a_key_of_yesterday_when_sent_with_another_order_then_that_is_booked(
    house: House,
) -> None:
    on = house.next_open_date()
    order = an_order(on)
    first = house.guest.books(order, key="k-7")
    house.change(
        "UPDATE idempotency_records SET created_at = created_at - interval '24 hours 1 second'"
        " WHERE key = 'k-7'"
    )

    second = house.guest.book({**order, "pickup_time": "10:00"}, key="k-7")

    assert (second.status_code, REPLAYED in second.headers) == (201, False)
    assert second.json()["booking"]["id"] != first.id


def test_given_a_booking_that_was_paid_when_replayed_then_it_is_answered_as_it_stands(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    booked = house.guest.books(order, key="k-8")
    house.stripe.pay(booked.intent_id)
    house.guest.confirm(booked)

    replay = house.guest.book(order, key="k-8").json()

    assert (replay["booking"]["status"], replay["payment"]) == ("confirmed", None)
    assert replay["manage_token"] == booked.manage_token


def test_given_a_cart_booked_without_a_key_when_sent_with_one_then_no_manage_token_is_told(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    first = house.guest.books(order)

    repeat, replay = house.guest.book(order, key="k-9"), house.guest.book(order, key="k-9")

    assert [answer.json()["booking"]["id"] for answer in (repeat, replay)] == [first.id] * 2
    assert [answer.json()["manage_token"] for answer in (repeat, replay)] == [None, None]


def _done(answer: httpx.Response) -> httpx.Response | None:
    return answer if answer.status_code == 201 else None


def _bookings(email: object, house: House) -> list[object]:
    return [*house.rows("SELECT id FROM bookings WHERE contact_email = %s", email)]
