"""Bookings in an account, as a program at the API sees them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.scenarios.customer import Customer, an_order
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Json, a_delivery_address, an_address
from tests.scenarios.house import House, open_house

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def house(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house whose service has the sandbox beside it, which shows the mails."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as opened:
        opened.start(STRIPE_API_BASE="")
        yield opened


@pytest.fixture(scope="module")
def ada(house: House) -> Customer:
    return Customer(house.guest)


@pytest.fixture(scope="module")
def bea(house: House) -> Customer:
    return Customer(house.guest)


def test_given_a_saved_address_when_booked_and_paid_in_the_browser_then_it_is_confirmed(
    house: House, ada: Customer
) -> None:
    pickup = ada.saves_address(**an_address())
    booked = ada.books(house.next_open_date(), pickup_address=None, saved_pickup_address_id=pickup)
    booking_id, payment = booked["booking"]["id"], booked["payment"]

    ada.pays(payment)
    confirmed = ada.post(
        "payments/confirm/",
        {"booking_id": booking_id, "payment_intent_id": payment["payment_intent_id"]},
    )
    shown = ada.get(f"customer/bookings/{booking_id}/")
    address = ada.get(f"customer/addresses/{pickup}/").json()

    assert booked["manage_token"] is None
    assert (confirmed.status_code, shown.status_code) == (200, 200)
    assert shown.json()["status"] == "confirmed"
    assert shown.json()["courier_status"] in ("waiting", "created")
    [paid] = shown.json()["payments"]
    assert (paid["status"], paid["card"]) == ("succeeded", {"brand": "visa", "last_four": "4242"})
    assert paid["amount_cents"] == booked["booking"]["total_price_cents"]
    assert address["times_used"] == 1
    house.wait_for_messages(booking_id, "booking_received", "booking_confirmed", "receipt")


def test_given_a_saved_card_when_booked_cancelled_and_rebooked_then_money_goes_both_ways(
    house: House, ada: Customer
) -> None:
    card = ada.saves_card()
    booked = ada.books(house.next_open_date(), payment_method_id=card, save_delivery_address=True)
    booking: Json = booked["booking"]
    path = f"customer/bookings/{booking['id']}"

    offer = ada.get(f"{path}/cancellation/").json()
    body = {"expected_refund_cents": offer["refund_cents"]}
    done = ada.post(f"{path}/cancellation/", body, **{"Idempotency-Key": "cancel-1"})
    replay = ada.post(f"{path}/cancellation/", body, **{"Idempotency-Key": "cancel-1"})
    again = ada.post(
        f"{path}/rebook/",
        {
            "pickup_date": str(house.next_open_date()),
            "expected_total_cents": booking["total_price_cents"],
            "payment_method_id": card,
        },
    )

    def refunded() -> Json | None:
        shown: Json = ada.get(f"{path}/").json()
        return shown if shown["payments"][0]["refunded_cents"] else None

    shown = eventually(refunded, within_s=30)
    assert (booking["status"], offer["refund_bp"]) == ("confirmed", 10_000)
    assert (done.status_code, replay.status_code) == (200, 200)
    assert replay.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()["booking"]["status"]) == (201, "confirmed")
    assert again.json()["booking"]["breakdown"] == booking["breakdown"]
    assert (shown["status"], shown["payments"][0]["refunded_cents"]) == ("cancelled", 99_500)
    assert [one["status"] for one in shown["refunds"]] == ["succeeded"]


def test_given_bookings_when_another_customer_looks_then_nothing_of_them_is_there(
    house: House, ada: Customer, bea: Customer
) -> None:
    booked = ada.books(house.next_open_date())
    booking_id, intent_id = booked["booking"]["id"], booked["payment"]["payment_intent_id"]
    path = f"customer/bookings/{booking_id}"

    answers = [
        bea.get(f"{path}/"),
        bea.get(f"{path}/cancellation/"),
        bea.post(f"{path}/cancellation/", {"expected_refund_cents": 0}),
        bea.post(f"{path}/rebook/", {"pickup_date": str(house.next_open_date())}),
        bea.post("payments/create-intent/", {"booking_id": booking_id}),
        bea.post("payments/confirm/", {"booking_id": booking_id, "payment_intent_id": intent_id}),
        bea.get(f"customer/bookings/{UNKNOWN}/"),
    ]

    told = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
    assert told == [(404, "booking_not_found")] * 7
    assert booking_id not in bea.get("customer/bookings/").text
    assert booking_id in ada.get("customer/bookings/", status="pending").text
    assert house.booking(booking_id)["status"] == "pending"


def test_given_one_cart_when_sent_from_two_connections_at_once_then_it_is_one_booking(
    house: House, bea: Customer
) -> None:
    saved = bea.saves_address(**a_delivery_address())
    order = an_order(house.next_open_date(), delivery_address=None, saved_delivery_address_id=saved)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: bea.post("customer/bookings/", order), range(2)))

    rows = house.rows(
        "SELECT id FROM bookings WHERE contact_email = %s AND pickup_date = %s",
        bea.email,
        order["pickup_date"],
    )
    ids = {answer.json()["booking"]["id"] for answer in answers}
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert ids == {str(row["id"]) for row in rows}
    assert bea.get(f"customer/addresses/{saved}/").json()["times_used"] == 1


def test_given_a_guest_booking_of_the_address_when_they_log_in_then_it_is_in_their_list(
    house: House, bea: Customer
) -> None:
    on = house.next_open_date()
    guest = house.guest.post(
        "public/guest-booking/",
        {
            **an_order(on),
            "first_name": "Bea",
            "last_name": "Guest",
            "email": bea.email.upper(),
            "phone": "+12127365000",
        },
    ).json()

    listed = bea.get("customer/bookings/", pickup_from=str(on), pickup_to=str(on)).json()

    assert [one["id"] for one in listed["results"]] == [guest["booking"]["id"]]
