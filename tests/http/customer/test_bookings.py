"""Book into one's account over HTTP, and find what is in it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.core.bookings.account_holder import keep_card
from tests.core.bookings.memory_house import an_order
from tests.http.customer.booking_bodies import (
    TUESDAY,
    a_booking_body,
    books,
    faults_of,
    saves_address,
)
from tests.http.customer.conftest import LoggedIn, Service
from tests.scenarios.guest import Json, a_delivery_address, an_address
from tests.scenarios.guest import an_order as a_guest_order
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED, PAYS
from totetaxi_core.customers.customer import PreferredPickupTime

BOOKINGS = "/api/customer/bookings"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


async def prefers(service: Service, caller: LoggedIn, **changes: Any) -> None:  # noqa: ANN401
    async with service.house.ports.unit_of_work() as uow:
        await uow.customers.save(replace(caller.customer, **changes))
        await uow.commit()


async def test_given_a_customer_when_they_book_then_it_is_theirs_and_waits_for_its_payment(
    service: Service, customer_a: LoggedIn
) -> None:
    told = await books(customer_a)

    booking = service.house.booking(UUID(told["booking"]["id"]))
    assert (booking.customer_id, booking.placed_by) == (customer_a.customer.id, "customer")
    assert told["booking"]["email"] == customer_a.customer.email
    assert (told["booking"]["first_name"], told["booking"]["phone"]) == ("Ada", "+12125550123")
    assert (told["manage_token"], told["payment_error"]) == (None, None)
    assert told["payment"]["status"] == "requires_payment_method"


async def test_given_saved_addresses_when_booked_between_then_both_uses_are_counted(
    customer_a: LoggedIn,
) -> None:
    pickup = await saves_address(customer_a)
    delivery = await saves_address(customer_a, **a_delivery_address())

    told = await books(
        customer_a,
        pickup_address=None,
        delivery_address=None,
        saved_pickup_address_id=pickup,
        saved_delivery_address_id=delivery,
    )

    saved = (await customer_a.http.get("/api/customer/addresses")).json()["results"]
    assert told["booking"]["pickup_address"]["address_line_1"] == "350 5th Ave"
    assert told["booking"]["delivery_address"]["zip_code"] == "11937"
    assert [one["times_used"] for one in saved] == [1, 1]


async def test_given_new_addresses_to_save_when_booked_then_they_are_in_the_account(
    customer_a: LoggedIn,
) -> None:
    await books(customer_a, save_pickup_address=True, save_delivery_address=True)

    saved = (await customer_a.http.get("/api/customer/addresses")).json()["results"]
    assert {one["nickname"] for one in saved} == {"350 5th Ave", "12 Main St"}


@pytest.mark.parametrize(
    ("preferred", "first_slot"),
    [
        (PreferredPickupTime.EARLY_MORNING, "07:00"),
        (PreferredPickupTime.MID_MORNING, "09:00"),
        (PreferredPickupTime.LATE_MORNING, "11:00"),
    ],
)
async def test_given_a_preferred_time_when_none_is_sent_then_its_first_slot_is_booked_and_priced(
    service: Service, customer_a: LoggedIn, preferred: PreferredPickupTime, first_slot: str
) -> None:
    await prefers(service, customer_a, preferred_pickup_time=preferred)
    body = a_booking_body(pickup_time=first_slot)
    preview = await customer_a.http.post("/api/public/pricing-preview", json=body)

    told = await books(customer_a, pickup_time=None, quote_token=preview.json()["quote_token"])

    assert told["booking"]["pickup_time"] == first_slot
    assert told["booking"]["total_price_cents"] == preview.json()["total_price_cents"]


async def test_given_a_quote_for_another_time_when_the_preferred_one_differs_then_it_is_refused(
    service: Service, customer_a: LoggedIn
) -> None:
    early = PreferredPickupTime.EARLY_MORNING
    await prefers(service, customer_a, preferred_pickup_time=early)
    preview = await customer_a.http.post("/api/public/pricing-preview", json=a_booking_body())
    token = preview.json()["quote_token"]

    answer = await customer_a.http.post(
        BOOKINGS, json=a_booking_body(pickup_time=None, quote_token=token)
    )

    assert (answer.status_code, answer.json()["error_type"]) == (400, "quote_mismatch")


async def test_given_a_card_when_it_is_named_or_the_default_wanted_then_it_pays(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await keep_card(service.house, customer_a.customer, PAYS)

    named = await books(customer_a, payment_method_id=str(card.id))
    default = await books(customer_a, use_default_card=True, pickup_time="10:00")
    unnamed = await books(customer_a, pickup_time="11:00")

    told = [(one["booking"]["status"], one["payment"]["status"]) for one in (named, default)]
    assert told == [("confirmed", "succeeded")] * 2
    assert unnamed["booking"]["status"] == "pending"


async def test_given_a_card_that_is_declined_when_booked_then_the_booking_is_kept_and_says_so(
    service: Service, customer_a: LoggedIn
) -> None:
    await keep_card(service.house, customer_a.customer, DECLINES_ONCE_SAVED)

    told = await books(customer_a, use_default_card=True)

    assert (told["booking"]["status"], told["payment_error"]) == ("pending", "payment_declined")
    assert told["payment"]["status"] == "requires_payment_method"
    assert "card was not charged" in told["message"]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"saved_pickup_address_id": UNKNOWN},
            {("saved_pickup_address_id", "conflicting"), ("saved_pickup_address_id", "not_found")},
        ),
        ({"pickup_address": None}, {("pickup_address", "missing")}),
        ({"delivery_address": None}, {("delivery_address", "missing")}),
        (
            {"delivery_address": None, "saved_delivery_address_id": UNKNOWN},
            {("saved_delivery_address_id", "not_found")},
        ),
        (
            {"delivery_address": None, "save_delivery_address": True},
            {("delivery_address", "missing"), ("save_delivery_address", "not_applicable")},
        ),
        (
            {"payment_method_id": UNKNOWN, "use_default_card": True},
            {("payment_method_id", "conflicting"), ("payment_method_id", "not_found")},
        ),
        (
            {"use_default_card": True, "create_payment_intent": False},
            {("create_payment_intent", "conflicting"), ("use_default_card", "not_found")},
        ),
        (
            {"pickup_date": "2026-12-05", "saved_pickup_address_id": UNKNOWN, "item_count": 2},
            {
                ("pickup_date", "weekend"),
                ("item_description", "missing"),
                ("saved_pickup_address_id", "conflicting"),
                ("saved_pickup_address_id", "not_found"),
            },
        ),
        (
            {"pickup_time": None, "pickup_date": "2026-12-05", "include_packing": "yes"},
            {("pickup_date", "weekend"), ("include_packing", "wrong_type")},
        ),
        (
            {"include_packing": 1, "delivery_address": None, "saved_delivery_address_id": UNKNOWN},
            {("include_packing", "wrong_type")},
        ),
        ({"email": "ada@example.com"}, {("email", "unknown_field")}),
    ],
)
async def test_given_fields_that_do_not_fit_when_booked_then_each_is_named_and_nothing_stored(
    service: Service, customer_a: LoggedIn, changes: Json, faults: set[tuple[str, str]]
) -> None:
    body = a_booking_body(**changes) | {k: v for k, v in changes.items() if k == "email"}

    answer = await customer_a.http.post(BOOKINGS, json=body)

    assert (answer.status_code, faults_of(answer.json())) == (400, faults)
    assert service.house.database.bookings.rows == {}


async def test_given_saved_addresses_that_break_rules_when_booked_then_their_fields_are_named(
    customer_a: LoggedIn,
) -> None:
    home = await saves_address(customer_a)
    far = await saves_address(customer_a, address_line_1="1 Loop", zip_code="60601")
    bodies = (
        {"pickup_address": None, "saved_pickup_address_id": far},
        {"delivery_address": None, "saved_delivery_address_id": home},
        {
            "pickup_address": None,
            "saved_pickup_address_id": far,
            "delivery_address": None,
            "saved_delivery_address_id": far,
        },
    )

    answers = [await customer_a.http.post(BOOKINGS, json=a_booking_body(**one)) for one in bodies]

    assert [faults_of(answer.json()) for answer in answers] == [
        {("saved_pickup_address_id", "outside_service_area")},
        {("saved_delivery_address_id", "same_address")},
        {
            ("saved_pickup_address_id", "outside_service_area"),
            ("saved_delivery_address_id", "outside_service_area"),
            ("saved_delivery_address_id", "same_address"),
        },
    ]
    assert answers[0].json()["error_type"] == "outside_service_area"


async def test_given_organizing_alone_when_a_saved_delivery_is_sent_then_it_does_not_belong(
    customer_a: LoggedIn, service: Service
) -> None:
    saved = await saves_address(customer_a, **a_delivery_address())
    async with service.house.ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=service.house.clock())
    body = a_booking_body(
        service_type="organizing_only",
        mini_move_package_id=None,
        organizing_service_id=str(book.organizing_services[0].id),
        delivery_address=None,
        saved_delivery_address_id=saved,
    )

    answer = await customer_a.http.post(BOOKINGS, json=body)

    assert faults_of(answer.json()) == {("saved_delivery_address_id", "not_applicable")}


async def test_given_a_profile_without_a_phone_when_booked_then_phone_is_named(
    service: Service, customer_a: LoggedIn
) -> None:
    await prefers(service, customer_a, phone="")

    answer = await customer_a.http.post(BOOKINGS, json=a_booking_body(pickup_date="2026-12-05"))

    assert answer.status_code == 400
    assert faults_of(answer.json()) == {("phone", "missing"), ("pickup_date", "weekend")}


async def test_given_another_s_address_and_card_when_named_then_they_are_not_found(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    theirs = await saves_address(customer_b)
    card = await keep_card(service.house, customer_b.customer, PAYS)
    body = a_booking_body(
        pickup_address=None, saved_pickup_address_id=theirs, payment_method_id=str(card.id)
    )

    answer = await customer_a.http.post(BOOKINGS, json=body)

    assert answer.status_code == 400
    assert faults_of(answer.json()) == {
        ("saved_pickup_address_id", "not_found"),
        ("payment_method_id", "not_found"),
    }


async def test_given_a_key_when_sent_again_then_it_replays_for_that_account_alone(
    customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    body, headers = a_booking_body(), {"Idempotency-Key": "key-1"}
    first = await customer_a.http.post(BOOKINGS, json=body, headers=headers)

    replay = await customer_a.http.post(BOOKINGS, json=body, headers=headers)
    others = await customer_b.http.post(BOOKINGS, json=body, headers=headers)
    changed = await customer_a.http.post(
        BOOKINGS, json=body | {"pickup_time": "10:00"}, headers=headers
    )

    assert (first.status_code, replay.status_code) == (201, 201)
    assert (replay.json(), replay.headers["idempotency-replayed"]) == (first.json(), "true")
    assert others.status_code == 201
    assert others.json()["booking"]["id"] != first.json()["booking"]["id"]
    assert (changed.status_code, changed.json()["error_type"]) == (422, "idempotency_key_reused")


async def test_given_a_key_when_what_it_named_is_gone_then_it_replays_still(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await keep_card(service.house, customer_a.customer, PAYS)
    pickup = await saves_address(customer_a)
    delivery = await saves_address(customer_a, **a_delivery_address())
    body = a_booking_body(pickup_address=None, delivery_address=None) | {
        "saved_pickup_address_id": pickup,
        "saved_delivery_address_id": delivery,
        "payment_method_id": str(card.id),
    }
    headers = {"Idempotency-Key": "key-1"}
    first = await customer_a.http.post(BOOKINGS, json=body, headers=headers)
    for gone in (f"addresses/{pickup}", f"addresses/{delivery}", f"payment-methods/{card.id}"):
        assert (await customer_a.http.delete(f"/api/customer/{gone}")).status_code == 200
    await prefers(service, customer_a, phone="")

    replay = await customer_a.http.post(BOOKINGS, json=body, headers=headers)
    reused = await customer_a.http.post(
        BOOKINGS, json=body | {"pickup_time": "10:00"}, headers=headers
    )
    afresh = await customer_a.http.post(BOOKINGS, json=body)

    assert (first.status_code, replay.status_code) == (201, 201), replay.text
    assert replay.json()["booking"]["id"] == first.json()["booking"]["id"]
    assert replay.headers["idempotency-replayed"] == "true"
    assert reused.status_code == 422
    assert {field for field, _ in faults_of(afresh.json())} == {
        "saved_pickup_address_id",
        "saved_delivery_address_id",
        "payment_method_id",
        "phone",
    }


async def test_given_their_pending_cart_when_sent_again_then_it_is_told_in_full(
    customer_a: LoggedIn,
) -> None:
    first = await books(customer_a, special_instructions="Ask the doorman")

    again = await customer_a.http.post(BOOKINGS, json=a_booking_body())

    assert again.status_code == 200
    assert again.json()["booking"] == first["booking"]
    assert again.json()["payment"] == first["payment"]


async def test_given_a_guest_s_cart_outside_the_account_when_sent_then_nothing_personal_is_told(
    service: Service, stranger: httpx.AsyncClient, customer_a: LoggedIn
) -> None:
    secret = {"phone": "+13105550123", "special_instructions": "Ask for 4711"}
    guest_order = a_guest_order(TUESDAY, email=customer_a.customer.email, **secret)
    guest = (await stranger.post("/api/public/guest-booking", json=guest_order)).json()
    _take_out_of_account(service)

    answer = await customer_a.http.post(BOOKINGS, json=a_booking_body())

    told = answer.json()
    assert (answer.status_code, told["booking"]["id"]) == (200, guest["booking"]["id"])
    assert (told["booking"]["phone"], told["booking"]["first_name"]) == (None, None)
    assert (told["payment"], told["manage_token"]) == (None, None)
    assert not [one for one in ("+13105550123", "Ask for 4711") if one in answer.text]
    assert "secret" not in answer.text


def _take_out_of_account(service: Service) -> None:
    """Leave the one booking as it was before its account: booked as a guest, and not joined."""
    rows = service.house.database.bookings.rows
    for booking_id, booking in dict(rows).items():
        rows[booking_id] = replace(booking, customer_id=None)


async def test_given_a_customer_s_cart_when_a_guest_sends_it_then_nothing_personal_is_told(
    stranger: httpx.AsyncClient, customer_a: LoggedIn
) -> None:
    first = await books(customer_a, special_instructions="Ask for 4711")
    order = a_guest_order(TUESDAY, email=customer_a.customer.email.upper())

    answer = await stranger.post("/api/public/guest-booking", json=order)

    told = answer.json()
    assert (answer.status_code, told["booking"]["id"]) == (200, first["booking"]["id"])
    assert (told["payment"], told["manage_token"], told["booking"]["phone"]) == (None, None, None)
    assert "Ask for 4711" not in answer.text
    assert customer_a.customer.last_name not in answer.text


async def test_given_bookings_when_listed_then_only_their_own_come_newest_first(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    await service.house.book_order(an_order())
    await books(customer_b)
    mine = [
        (await books(customer_a, pickup_date=f"2026-12-{day:02d}"))["booking"]["id"]
        for day in (8, 9, 10)
    ]

    first = (await customer_a.http.get(BOOKINGS, params={"page_size": 2})).json()
    second = (await customer_a.http.get(_path(first["next"]))).json()

    ids = [one["id"] for one in (*first["results"], *second["results"])]
    assert sorted(ids) == sorted(mine)
    assert (len(first["results"]), len(second["results"])) == (2, 1)
    assert (first["previous"], second["next"]) == (None, None)
    assert (await customer_a.http.get(_path(second["previous"]))).json()["results"] == first[
        "results"
    ]


def _path(url: str) -> str:
    return url.removeprefix("https://totetaxi.example")


async def test_given_bookings_when_filtered_then_only_those_come(
    service: Service, customer_a: LoggedIn
) -> None:
    await keep_card(service.house, customer_a.customer, PAYS)
    soon = (await books(customer_a))["booking"]["id"]
    later = (await books(customer_a, pickup_date="2026-12-09", use_default_card=True))["booking"][
        "id"
    ]

    async def found(**asked: str) -> list[str]:
        answer = await customer_a.http.get(BOOKINGS, params=asked)
        return [one["id"] for one in answer.json()["results"]]

    assert await found(status="confirmed") == [later]
    assert await found(status="pending") == [soon]
    assert await found(pickup_from="2026-12-02") == [later]
    assert await found(pickup_to="2026-12-08") == [soon]
    assert await found(pickup_from="2026-12-01", pickup_to="2026-12-01") == [soon]
    assert await found(service_type="organizing_only") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("search", "ada"), ("customer_id", UNKNOWN), ("status", "lost"), ("page_size", "101")],
)
async def test_given_a_parameter_nobody_knows_when_listed_then_it_is_refused_by_name(
    customer_a: LoggedIn, name: str, value: str
) -> None:
    answer = await customer_a.http.get(BOOKINGS, params={name: value})

    assert (answer.status_code, [one["field"] for one in answer.json()["details"]]) == (400, [name])


@pytest.mark.parametrize("method", ["get", "post"])
async def test_given_nobody_logged_in_when_called_then_it_is_401(
    stranger: httpx.AsyncClient, method: str
) -> None:
    answer = await stranger.request(method, BOOKINGS, json=an_address())

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")
