"""The simulated business's price book, and the carts its customers fill again and again."""

from dataclasses import replace
from datetime import datetime, time, timedelta, tzinfo
from functools import cache
from random import Random
from typing import Final, cast
from uuid import UUID

from totetaxi_adapters.simulation.holders import PASSWORD, PLAIN
from totetaxi_core.bookings.booking import GUEST
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.customer import Customer
from totetaxi_core.geography.address import Address
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import QuoteRequest

FEW_USES: Final = 2
SEASONS: Final = 3
DEARER_CENTS: Final = 1_111
CODES: Final = (
    {
        "id": "5d0cbb25-0a3f-4cf5-9b1f-35ae1bb4a001",
        "code": "FEW10",
        "kind": "percentage",
        "rate_bp": 1_000,
        "max_uses": FEW_USES,
    },
    {
        "id": "5d0cbb25-0a3f-4cf5-9b1f-35ae1bb4a002",
        "code": "ONCE33",
        "kind": "percentage",
        "rate_bp": 3_333,
        "max_uses_per_customer": 1,
    },
    {
        "id": "5d0cbb25-0a3f-4cf5-9b1f-35ae1bb4a003",
        "code": "GIFT",
        "kind": "fixed",
        "amount_cents": 9_999_999,
        "max_uses": 1,
    },
)
WISHED: Final = (None, None, None, None, None, None, None, "FEW10", "FEW10", "ONCE33", "GIFT")
EMAILS: Final = ("ada@example.com", "bo@example.com", "Cy@Example.com")
PICKUP: Final = Address(
    address_line_1="740 Park Avenue", city="New York", state="NY", zip_code="10021"
)
DELIVERY: Final = Address(
    address_line_1="12 Egypt Lane", city="East Hampton", state="NY", zip_code="11937"
)


@cache
def price_book(season: int = 0) -> PriceBook:
    """Return the company's own, with codes of few uses; each season packages cost more."""
    document = PriceBook.default().document
    packages = cast("list[dict[str, int]]", document["mini_move_packages"])
    dearer = [
        {**each, "base_price_cents": each["base_price_cents"] + season * DEARER_CENTS}
        for each in packages
    ]
    return PriceBook.from_document(
        {**document, "discount_codes": list(CODES), "mini_move_packages": dearer}
    )


def account(customer_id: UUID, *, at: datetime) -> Customer:
    """Return the account of one of those who order."""
    return Customer(
        id=customer_id,
        email="cy@example.com",
        first_name="Cy",
        last_name="Customer",
        phone="+12125550123",
        sms_notifications=True,
        password_hash=PLAIN + PASSWORD,
        created_at=at,
        updated_at=at,
    )


def an_order(cart: Random, *, now: datetime, zone: tzinfo) -> Order:
    """Fill a cart: the same draws make the same order on the same day.

    Half of the customers send an idempotency key, which is the cart's own.
    """
    days = cart.choice((0, 1, 1, 2, 2, 3, 4))
    request = QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        pickup_date=now.astimezone(zone).date() + timedelta(days=days),
        pickup_time=cart.choice((time(8), time(9), time(11, 30))),
        pickup_zip=PICKUP.zip_code,
        delivery_zip=DELIVERY.zip_code,
        mini_move_package_id=cart.choice(price_book().mini_move_packages[:2]).id,
        discount_code=cart.choice(WISHED),
    )
    email = cart.choice(EMAILS)
    order = Order(
        request=request,
        contact=Contact(first_name="Ada", last_name="Guest", email=email, phone="+12125550123"),
        pickup_address=PICKUP,
        delivery_address=DELIVERY,
    )
    key = f"{request.pickup_date}-{cart.getrandbits(32):x}"
    if cart.random() < 0.5:  # noqa: PLR2004  as often as not
        return order
    return replace(order, idempotency_key=IdempotencyKey(scope=GUEST, key=key, body_hash=key))
