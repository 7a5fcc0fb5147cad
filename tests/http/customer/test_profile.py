from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.builders import NOW, a_booking, a_message, a_payment, a_refund
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.conftest import LoggedIn, Service
from tests.http.customer.test_addresses import HOME, create
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.notifications.message import Channel

PATH = "/api/customer/profile"
WHOLE = {
    "first_name": "Augusta",
    "last_name": "King",
    "phone": "+12127365000",
    "preferred_pickup_time": "early_morning",
    "email_notifications": False,
    "sms_notifications": True,
}


async def delete(caller: LoggedIn, password: str = PASSWORD) -> httpx.Response:
    return await caller.http.request("delete", PATH, json={"password": password})


async def test_given_a_customer_when_they_look_then_they_see_their_own_profile(
    customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    answers = [await each.http.get(PATH) for each in (customer_a, customer_b)]

    assert [each.status_code for each in answers] == [200, 200]
    assert [each.json()["email"] for each in answers] == ["ada@example.com", "bea@example.com"]
    assert "password" not in answers[0].text


async def test_given_a_whole_profile_when_put_then_it_is_that(
    customer_a: LoggedIn, service: Service
) -> None:
    service.house.clock.advance(timedelta(minutes=5))

    answer = await customer_a.http.put(PATH, json=WHOLE)

    told = answer.json()
    assert answer.status_code == 200
    assert {name: told[name] for name in WHOLE} == WHOLE
    assert told["updated_at"] == "2026-11-23T15:05:00Z"
    assert (await customer_a.http.get(PATH)).json() == told


async def test_given_no_phone_when_put_then_there_is_none(customer_a: LoggedIn) -> None:
    answer = await customer_a.http.put(PATH, json=WHOLE | {"phone": None})

    assert (answer.status_code, answer.json()["phone"]) == (200, "")


async def test_given_one_field_when_patched_then_the_rest_stays(customer_a: LoggedIn) -> None:
    before = (await customer_a.http.get(PATH)).json()

    answer = await customer_a.http.patch(
        PATH, json={"sms_notifications": True, "phone": "(212) 736-5000"}
    )

    assert answer.json() == before | {"sms_notifications": True, "phone": "+12127365000"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"email": "new@example.com"}, ("email", "unknown_field")),
        ({"is_vip": True}, ("is_vip", "unknown_field")),
        ({"first_name": ""}, ("first_name", "blank")),
        ({"last_name": "x" * 101}, ("last_name", "too_long")),
        ({"phone": "12"}, ("phone", "not_a_phone_number")),
        ({"preferred_pickup_time": "midnight"}, ("preferred_pickup_time", "invalid_choice")),
        ({"email_notifications": 1}, ("email_notifications", "wrong_type")),
    ],
)
@pytest.mark.parametrize("method", ["put", "patch"])
async def test_given_a_bad_field_when_sent_then_it_is_named_and_nothing_changes(
    customer_a: LoggedIn, method: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    before = (await customer_a.http.get(PATH)).json()

    answer = await customer_a.http.request(method, PATH, json=WHOLE | changes)

    assert answer.status_code == 400
    assert fault in [(one["field"], one["code"]) for one in answer.json()["details"]]
    assert (await customer_a.http.get(PATH)).json() == before


async def test_given_the_password_when_deleting_then_the_account_and_its_login_are_gone(
    customer_a: LoggedIn, customer_b: LoggedIn, service: Service
) -> None:
    await create(customer_a, HOME)

    answer = await delete(customer_a)

    assert (answer.status_code, answer.json()) == (200, {"message": "Your account is deleted."})
    assert (await customer_a.http.get(PATH)).status_code == 401
    login = {"email": "ada@example.com", "password": PASSWORD}
    assert (await customer_a.http.post("/api/customer/login", json=login)).status_code == 401
    assert not service.house.database.saved_addresses.rows
    assert (await customer_b.http.get(PATH)).json()["email"] == "bea@example.com"


async def test_given_a_wrong_password_when_deleting_then_the_field_is_named_and_all_stands(
    customer_a: LoggedIn,
) -> None:
    answer = await delete(customer_a, "Wrong-horse-1")

    details = answer.json()["details"]
    assert answer.status_code == 400
    assert [(one["field"], one["code"]) for one in details] == [("password", "wrong_password")]
    assert (await customer_a.http.get(PATH)).status_code == 200


async def test_given_a_booking_that_is_not_over_when_deleting_then_it_is_refused(
    customer_a: LoggedIn, service: Service
) -> None:
    booking = replace(a_booking(), customer_id=customer_a.customer.id)
    async with service.house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()

    answer = await delete(customer_a)

    assert (answer.status_code, answer.json()["error_type"]) == (409, "account_has_open_bookings")
    assert booking.booking_number in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"), [("get", PATH), ("put", PATH), ("delete", PATH), ("get", "export")]
)
async def test_given_nobody_logged_in_when_asked_for_then_it_is_refused(
    stranger: httpx.AsyncClient, method: str, path: str
) -> None:
    full = path if path.startswith("/") else f"/api/customer/{path}"

    answer = await stranger.request(method, full)

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")


async def fill(service: Service, customer: Customer) -> None:
    """Give the customer a paid booking that was cancelled, a card and a message."""
    booking = a_booking(contact=customer.contact).confirm(at=NOW)
    booking = booking.cancel(reason=CancellationReason.CUSTOMER, at=NOW)
    payment = a_payment(booking)
    card = PaymentMethod(
        id=payment.id,
        customer_id=customer.id,
        stripe_payment_method_id=f"pm_secret{customer.id}",
        card_brand="visa",
        card_last_four="4242",
        card_exp_month=12,
        card_exp_year=2030,
        is_default=True,
        is_active=True,
        created_at=NOW,
    )
    letter = a_message(to=customer.email, booking=booking)
    text = replace(a_message(to="+12125550142", booking=booking), channel=Channel.SMS, subject="")
    earlier = NOW - timedelta(hours=1)
    async with service.house.ports.unit_of_work() as uow:
        await uow.bookings.add(replace(booking, customer_id=customer.id))
        await uow.payments.add(replace(payment, stripe_charge_id=f"ch_secret{customer.id}"))
        await uow.refunds.add(a_refund(payment, amount_cents=5_000))
        await uow.payment_methods.add(card)
        await uow.messages.add(letter)
        await uow.messages.add(replace(text, created_at=earlier))
        await uow.commit()


async def test_given_a_customer_when_they_take_their_data_away_then_all_of_it_is_in_one_file(
    customer_a: LoggedIn, customer_b: LoggedIn, service: Service
) -> None:
    await create(customer_a, HOME)
    await create(customer_b, HOME)
    await fill(service, customer_a.customer)
    await fill(service, customer_b.customer)

    answer = await customer_a.http.get("/api/customer/export")

    told = answer.json()
    disposition = 'attachment; filename="totetaxi-account.json"'
    assert answer.headers["content-disposition"] == disposition
    assert told["profile"] == (await customer_a.http.get(PATH)).json()
    assert told["preferences"]["preferred_pickup_time"] == "mid_morning"
    assert [one["nickname"] for one in told["addresses"]] == ["Home"]
    assert [one["card_last_four"] for one in told["payment_methods"]] == ["4242"]
    [one] = told["bookings"]
    assert one["booking"]["breakdown"][0]["amount_cents"] == 99_500
    assert [each["amount_cents"] for each in one["payments"]] == [99_500]
    assert [each["amount_cents"] for each in one["refunds"]] == [5_000]
    assert [each["to"] for each in told["messages"]] == [customer_a.customer.email, "+12125550142"]


async def test_given_secrets_when_the_data_are_taken_away_then_none_is_among_them(
    customer_a: LoggedIn, service: Service
) -> None:
    await fill(service, customer_a.customer)
    login = await service.house.log_in_customer("ada@example.com")

    text = (await customer_a.http.get("/api/customer/export")).text

    secrets = (customer_a.customer.password_hash, "pm_secret", "ch_secret", "cart", "hash")
    assert not [each for each in (*secrets, login.refresh_token) if each in text]
    assert "bea@example.com" not in text


async def test_given_more_bookings_than_a_batch_when_exported_then_all_are_there(
    customer_a: LoggedIn, service: Service
) -> None:
    async with service.house.ports.unit_of_work() as uow:
        for _ in range(101):
            await uow.bookings.add(replace(a_booking(), customer_id=customer_a.customer.id))
        await uow.commit()

    told = (await customer_a.http.get("/api/customer/export")).json()

    assert len({one["booking"]["id"] for one in told["bookings"]}) == 101
