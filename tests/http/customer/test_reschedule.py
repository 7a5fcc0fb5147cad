"""Move a booking of one's account over HTTP: what is shown is what happens."""

from uuid import UUID

from tests.core.bookings.account_holder import keep_card
from tests.core.bookings.sample_books import book_with_petite_at
from tests.http.customer.booking_bodies import books, faults_of
from tests.http.customer.conftest import LoggedIn, Service
from tests.scenarios.guest import Json
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED, PAYS

BOOKINGS = "/api/customer/bookings"
THERE = {"pickup_date": "2026-12-02", "pickup_time": "10:00"}
DEARER_CENTS = 120_000


async def a_paid_booking(service: Service, caller: LoggedIn) -> Json:
    await keep_card(service.house, caller.customer, PAYS)
    booking: Json = (await books(caller, use_default_card=True))["booking"]
    assert booking["status"] == "confirmed"
    return booking


async def test_given_a_booking_when_previewed_and_moved_then_it_is_as_was_shown(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await a_paid_booking(service, customer_a)
    path = f"{BOOKINGS}/{booking['id']}/reschedule"
    await service.house.publish(book_with_petite_at(90_000), based_on=1)

    shown = (await customer_a.http.get(path, params=THERE)).json()
    total = {"expected_total_cents": shown["total_price_cents"]}
    key = {"Idempotency-Key": "move-1"}
    answer = await customer_a.http.post(path, json=THERE | total, headers=key)
    again = await customer_a.http.post(path, json=THERE | total, headers=key)

    told = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
    assert (shown["previous_total_cents"], shown["difference_cents"]) == (99_500, -9_500)
    assert (shown["refund_cents"], shown["to_pay_cents"]) == (9_500, 0)
    assert (shown["bookable"], shown["refusal_codes"]) == (True, [])
    assert sum(line["amount_cents"] for line in shown["breakdown"]) == 90_000
    assert THERE.items() <= told["booking"].items()
    assert told["booking"]["total_price_cents"] == 90_000
    assert (told["reschedule"], told["payment"], told["payment_error"]) == (None, None, None)
    assert told["message"] == "We call on Wednesday, December 2 at 10:00."
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["booking"] == told["booking"]


async def test_given_a_dearer_slot_when_asked_for_then_the_difference_is_paid_as_any_payment(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await a_paid_booking(service, customer_a)
    path = f"{BOOKINGS}/{booking['id']}/reschedule"
    await service.house.publish(book_with_petite_at(DEARER_CENTS), based_on=1)
    body = THERE | {"expected_total_cents": DEARER_CENTS}

    held = (await customer_a.http.post(path, json=body)).json()
    shown = (await customer_a.http.get(f"{BOOKINGS}/{booking['id']}")).json()
    intent_id = held["payment"]["payment_intent_id"]
    service.house.stripe.pay(intent_id, PAYS)
    confirmed = await customer_a.http.post(
        "/api/payments/confirm", json={"payment_intent_id": intent_id, "booking_id": booking["id"]}
    )

    assert held["booking"]["total_price_cents"] == 99_500
    assert held["reschedule"]["difference_cents"] == DEARER_CENTS - 99_500
    assert held["reschedule"]["total_price_cents"] == DEARER_CENTS
    assert shown["reschedule"] == held["reschedule"]
    assert held["payment"]["client_secret"]
    assert confirmed.status_code == 200, confirmed.text
    [stored] = list(service.house.database.bookings.rows.values())
    assert stored.id == UUID(booking["id"])
    assert stored.total_cents == DEARER_CENTS


async def test_given_saved_cards_when_the_first_is_declined_then_another_moves_it(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await a_paid_booking(service, customer_a)
    path = f"{BOOKINGS}/{booking['id']}/reschedule"
    await service.house.publish(book_with_petite_at(DEARER_CENTS), based_on=1)
    bad = await keep_card(service.house, customer_a.customer, DECLINES_ONCE_SAVED)
    good = await keep_card(service.house, customer_a.customer, PAYS)
    body = THERE | {"expected_total_cents": DEARER_CENTS}

    declined = await customer_a.http.post(path, json=body | {"payment_method_id": str(bad.id)})
    moved = await customer_a.http.post(path, json=body | {"payment_method_id": str(good.id)})

    assert (declined.status_code, declined.json()["payment_error"]) == (200, "payment_declined")
    assert declined.json()["payment"]["status"] == "requires_payment_method"
    assert (moved.status_code, moved.json()["reschedule"]) == (200, None)
    assert moved.json()["booking"]["total_price_cents"] == DEARER_CENTS


async def test_given_other_words_when_asked_then_each_refusal_has_its_code(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await a_paid_booking(service, customer_a)
    path = f"{BOOKINGS}/{booking['id']}/reschedule"

    wrong_total = await customer_a.http.post(path, json=THERE | {"expected_total_cents": 1})
    weekend = THERE | {"pickup_date": "2026-12-05", "expected_total_cents": 117_000}
    closed = await customer_a.http.post(path, json=weekend)
    vague = await customer_a.http.post(path, json=THERE)
    preview = await customer_a.http.get(path, params=THERE | {"pickup_date": "2026-12-05"})
    no_card = THERE | {"expected_total_cents": 99_500, "payment_method_id": booking["id"]}
    stranger_s_card = await customer_a.http.post(path, json=no_card)

    assert (wrong_total.status_code, wrong_total.json()["error_type"]) == (409, "price_changed")
    assert wrong_total.json()["quote"]["total_price_cents"] == 99_500
    assert (closed.status_code, faults_of(closed.json())) == (400, {("pickup_date", "weekend")})
    assert faults_of(vague.json()) == {("expected_total_cents", "missing")}
    assert (preview.json()["bookable"], preview.json()["refusal_codes"]) == (False, ["weekend"])
    assert stranger_s_card.status_code == 404


async def test_given_another_s_booking_when_asked_then_there_is_none(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    booking = await a_paid_booking(service, customer_a)
    path = f"{BOOKINGS}/{booking['id']}/reschedule"

    seen = await customer_b.http.get(path, params=THERE)
    moved = await customer_b.http.post(path, json=THERE | {"expected_total_cents": 99_500})

    assert {answer.status_code for answer in (seen, moved)} == {404}
    assert service.house.booking(UUID(booking["id"])).version == 2


async def test_given_a_manage_token_when_a_guest_moves_then_the_same_rules_hold(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = (await service.house.book_order()).booking
    token = service.house.terms.manage_tokens.token(booking.id)
    path, header = "/api/public/manage/reschedule", {"X-Manage-Token": token}

    shown = await customer_a.http.get(path, params=THERE, headers=header)
    body = THERE | {"expected_total_cents": 99_500}
    moved = await customer_a.http.post(path, json=body, headers=header)
    nobody = await customer_a.http.post(path, json=body)

    assert (shown.json()["to_pay_cents"], shown.json()["refund_cents"]) == (99_500, 0)
    assert moved.status_code == 200, moved.text
    assert moved.json()["payment"]["client_secret"]
    assert THERE.items() <= moved.json()["booking"].items()
    assert (nobody.status_code, nobody.json()["error_type"]) == (401, "invalid_manage_token")
