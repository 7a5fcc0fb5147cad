"""One price: what a customer is shown is what is booked, what the intent is over, and what again
is booked from it."""

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_customer, a_delivery_address, an_address
from tests.core.bookings.account_holder import keep_card, order_of_customer
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.laws.pricing_strategies import documents, requests
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core import PriceBook, QuoteRequest
from totetaxi_core.bookings.book import Booked, book
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.rebook import Rebooking, order_again
from totetaxi_core.customers.customer import Customer
from totetaxi_core.pricing.preview_price import PricePreview, preview_price
from totetaxi_core.refusal import DomainError

OPEN_DATES = st.integers(1, 120).map(lambda days: date(2026, 11, 30) + timedelta(days=days))
WEEKDAYS = OPEN_DATES.filter(lambda day: day.weekday() < 5)
PICKUPS = st.integers(7 * 60, 12 * 60).map(lambda minute: time(minute // 60, minute % 60))


@st.composite
def booked_requests(draw: st.DrawFn) -> tuple[PriceBook, QuoteRequest]:
    """Draw a price book, and a request that its schedule takes."""
    priced = PriceBook.from_document(draw(documents()), version=1)
    request = draw(requests(priced))
    return priced, replace(request, pickup_date=draw(WEEKDAYS), pickup_time=draw(PICKUPS))


def order_of(customer: Customer, request: QuoteRequest) -> Order:
    delivery = request.delivery_zip and replace(a_delivery_address(), zip_code=request.delivery_zip)
    return order_of_customer(
        customer,
        request=request,
        pickup_address=replace(an_address(), zip_code=request.pickup_zip),
        delivery_address=delivery,
        item_description="" if request.item_count is None else "boxes",
    )


async def a_customer_in(house: MemoryHouse) -> Customer:
    customer = a_customer()
    async with house.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        await uow.commit()
    return customer


async def shown(
    house: MemoryHouse, customer: Customer, request: QuoteRequest, priced: PriceBook
) -> PricePreview:
    return await preview_price(request, priced, house.ports, house.terms, email=customer.email)


def charged_cents(house: MemoryHouse, booked: Booked) -> list[int]:
    """Return what the booking is over wherever its price is written."""
    intents = [one for one in house.stripe.intents() if one.booking_id == booked.booking.id]
    payments = house.payments(booked.booking)
    return [
        booked.booking.total_cents,
        sum(line.amount_cents for line in booked.booking.quote.lines),
        *(intent.amount_cents for intent in intents),
        *(payment.amount_cents for payment in payments),
    ]


@given(drawn=booked_requests(), pays_by_card=st.booleans(), again_on=WEEKDAYS)
def test_given_a_customer_when_they_book_what_they_were_shown_then_every_total_is_that(
    drawn: tuple[PriceBook, QuoteRequest], again_on: date, *, pays_by_card: bool
) -> None:
    asyncio.run(_check(*drawn, pays_by_card=pays_by_card, again_on=again_on))


async def _check(
    priced: PriceBook, request: QuoteRequest, *, pays_by_card: bool, again_on: date
) -> None:
    house = await a_house(book=priced)
    customer = await a_customer_in(house)
    card = await keep_card(house, customer, PAYS) if pays_by_card else None
    preview = await shown(house, customer, request, priced)
    order = replace(
        order_of(customer, request),
        quote_token=preview.quote_token,
        expected_total_cents=preview.quote.total_cents,
        payment_method_id=card.id if card else None,
    )

    try:
        booked = await book(order, house.ports, house.terms)
    except DomainError:
        assert not preview.bookable
        return
    assert set(charged_cents(house, booked)) == {preview.quote.total_cents}

    await _check_again(house, customer, booked, priced, on=again_on)


async def _check_again(
    house: MemoryHouse, customer: Customer, booked: Booked, priced: PriceBook, *, on: date
) -> None:
    rebooking = Rebooking(contact=customer.contact, pickup_date=on, pickup_time=None)
    order = replace(order_again(booked.booking, rebooking), allow_duplicate=True)
    preview = await shown(house, customer, order.request, priced)

    try:
        again = await book(order, house.ports, house.terms)
    except DomainError:
        assert not preview.bookable
        return
    assert set(charged_cents(house, again)) == {preview.quote.total_cents}
