from uuid import uuid4

from tests.core.bookings.memory_house import an_order
from tests.core.customers.carding import save
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED, NEEDS_APPROVAL
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking


def pay_path(booking: Booking) -> str:
    return f"/api/customer/bookings/{booking.id}/pay"


async def a_booking_of(service: Service, caller: LoggedIn) -> Booking:
    customer = caller.customer
    order = an_order(
        customer_id=customer.id, placed_by="customer", contact=customer.contact, wants_intent=False
    )
    return (await service.house.book_order(order)).booking


async def test_given_a_saved_card_when_the_booking_is_paid_then_it_is_confirmed_once(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await save(service.house, customer_a.customer)
    booking = await a_booking_of(service, customer_a)
    body = {"payment_method_id": str(card.id)}

    first = await customer_a.http.post(pay_path(booking), json=body)
    second = await customer_a.http.post(pay_path(booking), json=body)

    [intent] = service.house.stripe.intents()
    assert first.status_code == 200
    assert first.json() == {
        "booking_id": str(booking.id),
        "booking_status": "confirmed",
        "payment_intent_id": intent.id,
        "status": "succeeded",
        "client_secret": None,
    }
    assert second.json() == first.json()
    assert intent.amount_received_cents == booking.total_cents


async def test_given_a_card_that_is_declined_when_paid_with_then_another_one_pays(
    service: Service, customer_a: LoggedIn
) -> None:
    bad = await save(service.house, customer_a.customer, DECLINES_ONCE_SAVED)
    good = await save(service.house, customer_a.customer)
    booking = await a_booking_of(service, customer_a)

    declined = await customer_a.http.post(
        pay_path(booking), json={"payment_method_id": str(bad.id)}
    )
    paid = await customer_a.http.post(pay_path(booking), json={"payment_method_id": str(good.id)})

    assert (declined.status_code, declined.json()["error_type"]) == (402, "payment_declined")
    assert (paid.status_code, paid.json()["booking_status"]) == (200, "confirmed")


async def test_given_a_bank_that_asks_when_paid_with_then_the_browser_gets_the_secret(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await save(service.house, customer_a.customer, NEEDS_APPROVAL)
    booking = await a_booking_of(service, customer_a)

    answer = await customer_a.http.post(pay_path(booking), json={"payment_method_id": str(card.id)})

    [intent] = service.house.stripe.intents()
    assert (answer.status_code, answer.json()["status"]) == (200, "requires_action")
    assert answer.json()["client_secret"] == intent.client_secret
    assert answer.json()["booking_status"] == "pending"


async def test_given_another_s_booking_or_card_when_paid_then_neither_is_there(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    mine, theirs = (
        await save(service.house, customer_a.customer),
        await save(service.house, customer_b.customer),
    )
    booking = await a_booking_of(service, customer_a)

    foreign = await customer_b.http.post(
        pay_path(booking), json={"payment_method_id": str(theirs.id)}
    )
    card = await customer_a.http.post(pay_path(booking), json={"payment_method_id": str(theirs.id)})
    none = await customer_a.http.post(
        f"/api/customer/bookings/{uuid4()}/pay", json={"payment_method_id": str(mine.id)}
    )

    assert (foreign.status_code, foreign.json()["error_type"]) == (404, "booking_not_found")
    assert (card.status_code, card.json()["error_type"]) == (404, "payment_method_not_found")
    assert (none.status_code, none.json()["error_type"]) == (404, "booking_not_found")
    assert service.house.stripe.intents() == ()


async def test_given_a_silent_stripe_when_paid_then_the_booking_stands(
    service: Service, customer_a: LoggedIn
) -> None:
    card = await save(service.house, customer_a.customer)
    booking = await a_booking_of(service, customer_a)
    service.house.stripe.outages.plan(Outage.BEFORE_ACTING)

    answer = await customer_a.http.post(pay_path(booking), json={"payment_method_id": str(card.id)})

    assert (answer.status_code, answer.json()["error_type"]) == (503, "payment_unavailable")
    assert service.house.booking(booking.id) == booking
