"""One booking of one's account over HTTP: seen, paid, cancelled, booked again; by nobody else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.builders import SURFBOARD, a_price_book
from tests.core.bookings.account_holder import keep_card
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.booking_bodies import a_booking_body, books, faults_of
from tests.http.customer.conftest import LoggedIn, Service
from tests.scenarios.guest import Json
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.price_book import PriceBook
from totetaxi_core.staff.role import Role

BOOKINGS = "/api/customer/bookings"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
NEXT_WEEK = {"pickup_date": "2026-12-08"}


async def books_paid(service: Service, caller: LoggedIn, **changes: object) -> Json:
    await keep_card(service.house, caller.customer, PAYS)
    told = await books(caller, use_default_card=True, **changes)
    booking: Json = told["booking"]
    assert booking["status"] == "confirmed"
    return booking


async def test_given_a_paid_booking_when_opened_then_its_money_and_terms_are_told(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await books_paid(service, customer_a)

    answer = await customer_a.http.get(f"{BOOKINGS}/{booking['id']}")

    told = answer.json()
    [payment] = told["payments"]
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert booking.items() <= told.items()
    assert (payment["purpose"], payment["status"]) == ("booking", "succeeded")
    assert (payment["amount_cents"], payment["refunded_cents"]) == (99_500, 0)
    assert payment["card"] == {"brand": "visa", "last_four": "4242"}
    assert (told["refunds"], told["courier_status"]) == ([], "waiting")
    assert told["cancellation"] == {
        "refund_cents": 99_500,
        "refund_bp": 10_000,
        "paid_cents": 99_500,
    }


async def test_given_a_drive_when_asked_about_then_the_way_to_follow_it_is_not_for_everybody(
    service: Service, customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    booking = await books_paid(service, customer_a)
    await service.house.work_off()
    token = service.house.terms.manage_tokens.token(UUID(booking["id"]))

    number = booking["booking_number"]
    public = await stranger.get(f"/api/public/booking-status/{number}")
    managed = await stranger.get("/api/public/manage", headers={"X-Manage-Token": token})
    own = await customer_a.http.get(f"{BOOKINGS}/{booking['id']}")

    pickup = next(iter(service.house.couriers.tasks.values()))
    assert public.json()["courier_status"] == "created"
    assert pickup.tracking_url not in public.text
    assert "tracking_url" not in public.json()
    for told in (managed.json(), own.json()):
        assert (told["courier_status"], told["tracking_url"]) == ("created", pickup.tracking_url)
        assert [(one["leg"], one["status"]) for one in told["legs"]] == [
            ("pickup", "created"),
            ("dropoff", "created"),
        ]
        assert told["legs"][0]["tracking_url"] == pickup.tracking_url
        assert told["proof_of_delivery"] == []


async def test_given_a_paid_booking_when_cancelled_then_exactly_what_was_shown_comes_back(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = await books_paid(service, customer_a)
    path, key = f"{BOOKINGS}/{booking['id']}/cancellation", {"Idempotency-Key": "c-1"}

    offer = (await customer_a.http.get(path)).json()
    wrong = await customer_a.http.post(path, json={"expected_refund_cents": 1})
    body = {"expected_refund_cents": offer["refund_cents"]}
    done = await customer_a.http.post(path, json=body, headers=key)
    replay = await customer_a.http.post(path, json=body, headers=key)
    again = await customer_a.http.post(path, json=body)
    await service.house.work_off()
    shown = (await customer_a.http.get(f"{BOOKINGS}/{booking['id']}")).json()

    assert (wrong.status_code, wrong.json()["cancellation"]) == (409, offer)
    assert (done.status_code, done.json()["booking"]["status"]) == (200, "cancelled")
    assert (replay.json(), replay.headers["idempotency-replayed"]) == (done.json(), "true")
    assert (again.status_code, again.json()["error_type"]) == (409, "invalid_transition")
    assert (shown["payments"][0]["refunded_cents"], shown["cancellation"]) == (99_500, None)
    assert [(one["amount_cents"], one["status"]) for one in shown["refunds"]] == [
        (99_500, "succeeded")
    ]


async def test_given_an_old_booking_when_rebooked_then_the_same_things_are_booked_anew(
    service: Service, customer_a: LoggedIn
) -> None:
    old = await books_paid(
        service, customer_a, item_count=2, item_description="Cellos", coi_required=True
    )
    path, key = f"{BOOKINGS}/{old['id']}/rebook/", {"Idempotency-Key": "r-1"}
    body = {**NEXT_WEEK, "use_default_card": True, "expected_total_cents": 104_500}

    answer = await customer_a.http.post(path, json=body, headers=key)
    replay = await customer_a.http.post(path, json=body, headers=key)

    new = answer.json()["booking"]
    assert answer.status_code == 201, answer.text
    assert (new["pickup_date"], new["pickup_time"]) == ("2026-12-08", "09:00")
    assert (new["item_description"], new["breakdown"]) == ("Cellos", old["breakdown"])
    assert (new["pickup_address"], new["delivery_address"]) == (
        old["pickup_address"],
        old["delivery_address"],
    )
    assert (new["status"], new["id"] != old["id"]) == ("confirmed", True)
    assert (replay.json()["booking"], replay.headers["idempotency-replayed"]) == (new, "true")


async def test_given_another_price_when_rebooked_then_what_was_expected_is_refused(
    service: Service, customer_a: LoggedIn
) -> None:
    old = await books_paid(service, customer_a)
    path = f"{BOOKINGS}/{old['id']}/rebook"

    answer = await customer_a.http.post(path, json={**NEXT_WEEK, "expected_total_cents": 1})

    assert (answer.status_code, answer.json()["error_type"]) == (409, "price_changed")
    assert len(service.house.database.bookings.rows) == 1


async def test_given_options_not_offered_any_more_when_rebooked_then_each_is_named(
    service: Service, customer_a: LoggedIn
) -> None:
    old = await books_paid(service, customer_a, specialty_items=[{"id": str(SURFBOARD.id)}])
    await service.house.publish(_without_what_was_booked(), based_on=1)

    answer = await customer_a.http.post(
        f"{BOOKINGS}/{old['id']}/rebook", json={"pickup_date": "2026-12-05"}
    )

    assert answer.status_code == 400
    assert faults_of(answer.json()) == {
        ("pickup_date", "weekend"),
        ("mini_move_package_id", "unavailable"),
        ("specialty_items.0.id", "unavailable"),
        ("delivery_address.zip_code", "outside_service_area"),
    }


def _without_what_was_booked() -> PriceBook:
    """Return the company's book without active packages or items, and without the Hamptons."""
    document: Mapping[str, Any] = PriceBook.default().document
    retired = {
        section: [{**entry, "is_active": False} for entry in document[section]]
        for section in ("mini_move_packages", "specialty_items")
    }
    area = [zone for zone in document["service_area"] if not zone.startswith("hamptons")]
    return a_price_book(version=2, service_area=area, **retired)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        (
            {"use_default_card": True, "payment_method_id": UNKNOWN},
            {("payment_method_id", "conflicting"), ("payment_method_id", "not_found")},
        ),
        (
            {"create_payment_intent": "no", "pickup_date": "2026-12-05", "pickup_time": "06:00"},
            {
                ("create_payment_intent", "wrong_type"),
                ("pickup_date", "weekend"),
                ("pickup_time", "outside_pickup_hours"),
            },
        ),
        ({"service_type": "mini_move"}, {("service_type", "unknown_field")}),
    ],
)
async def test_given_fields_that_do_not_fit_when_rebooked_then_each_is_named(
    customer_a: LoggedIn, changes: Json, faults: set[tuple[str, str]]
) -> None:
    old = (await books(customer_a))["booking"]

    answer = await customer_a.http.post(
        f"{BOOKINGS}/{old['id']}/rebook", json={**NEXT_WEEK, **changes}
    )

    assert (answer.status_code, faults_of(answer.json())) == (400, faults)


async def test_given_another_s_booking_when_anything_is_asked_then_it_is_404_as_one_that_is_not(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    theirs = await books_paid(service, customer_b)
    before = service.house.stored()

    for booking_id in (theirs["id"], UNKNOWN):
        path = f"{BOOKINGS}/{booking_id}"
        answers = [
            await customer_a.http.get(path),
            await customer_a.http.get(f"{path}/cancellation"),
            await customer_a.http.post(
                f"{path}/cancellation", json={"expected_refund_cents": 99_500}
            ),
            await customer_a.http.post(f"{path}/rebook", json=NEXT_WEEK),
            await customer_a.http.post(
                "/api/payments/create-intent", json={"booking_id": booking_id}
            ),
            await customer_a.http.post(
                "/api/payments/confirm",
                json={"booking_id": booking_id, "payment_intent_id": "pi_1"},
            ),
        ]
        told = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
        assert told == [(404, "booking_not_found")] * 6

    assert service.house.stored() == before


async def test_given_their_own_login_when_they_pay_then_no_manage_token_is_needed(
    service: Service, customer_a: LoggedIn
) -> None:
    booking = (await books(customer_a, create_payment_intent=False))["booking"]
    begin = {"booking_id": booking["id"]}

    intent = (await customer_a.http.post("/api/payments/create-intent", json=begin)).json()
    service.house.stripe.pay(intent["payment_intent_id"], PAYS)
    answer = await customer_a.http.post(
        "/api/payments/confirm",
        json={**begin, "payment_intent_id": intent["payment_intent_id"]},
    )

    assert (answer.status_code, answer.json()["booking"]["status"]) == (200, "confirmed")
    assert service.house.acts()[-1].action_type != "payment_handle"


async def test_given_staff_when_they_begin_a_payment_then_that_is_on_record_and_so_is_a_refusal(
    service: Service, stranger: httpx.AsyncClient, customer_a: LoggedIn
) -> None:
    booking = (await books(customer_a, create_payment_intent=False))["booking"]
    house, body = service.house, {"booking_id": booking["id"]}
    await house.hire("maria", Role.CUSTOMER_SERVICE, by=house.root)
    await house.hire("lou", Role.LOGISTICS, by=house.root)

    answers = {}
    for name in ("maria", "lou"):
        login = await stranger.post(
            "/api/staff/login", json={"username": name, "password": PASSWORD}
        )
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        answers[name] = await stranger.post(
            "/api/payments/create-intent", json=body, headers=headers
        )

    acts = [
        (act.staff_name, act.action_type, act.is_refused)
        for act in house.acts()
        if act.staff_name in answers and act.action_type != "login"
    ]
    assert (answers["maria"].status_code, answers["lou"].status_code) == (200, 403)
    assert ("maria", "payment_handle", False) in acts
    assert ("lou", "permission_denied", True) in acts
    assert house.booking(UUID(booking["id"])).status is BookingStatus.PENDING


@pytest.mark.parametrize("authorization", ["Bearer forged", "Basic YTpi"])
async def test_given_a_token_that_is_none_when_paying_then_it_is_401(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, authorization: str
) -> None:
    booking = (await books(customer_a))["booking"]
    body = {"booking_id": booking["id"]}

    forged = await stranger.post(
        "/api/payments/create-intent", json=body, headers={"Authorization": authorization}
    )
    nobody = await stranger.post("/api/payments/create-intent", json=body)

    assert (forged.status_code, forged.json()["error_type"]) == (401, "invalid_token")
    assert (nobody.status_code, nobody.json()["error_type"]) == (401, "invalid_manage_token")


async def test_given_nobody_logged_in_when_a_booking_is_asked_for_then_it_is_401(
    customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    path = f"{BOOKINGS}/{(await books(customer_a))['booking']['id']}"

    answers = [
        await stranger.get(path),
        await stranger.get(f"{path}/cancellation"),
        await stranger.post(f"{path}/cancellation", json={"expected_refund_cents": 0}),
        await stranger.post(f"{path}/rebook", json=a_booking_body()),
    ]

    assert [answer.status_code for answer in answers] == [401] * 4
