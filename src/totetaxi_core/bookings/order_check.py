"""Everything that can be wrong with an order before any crew or code is looked at."""

from collections.abc import Iterator
from datetime import datetime

from totetaxi_core.bookings.order import Order
from totetaxi_core.geography.address import Address
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import Quote, quote
from totetaxi_core.refusal import FieldFault, InvalidInputError, faults_of
from totetaxi_core.scheduling.check_pickup import check_pickup

MAX_DESCRIPTION = 500


def price_order(
    order: Order, book: PriceBook, ports: Ports, terms: Terms, *, quoted_at: datetime
) -> Quote:
    """Return the order's price; a discount code must have been valid at `quoted_at`.

    Raises:
        InvalidInputError: names every bad field, of price, schedule and addresses together.
    """
    priced: list[Quote] = []
    faults = [
        *faults_of(lambda: check_order_pickup(order, ports, terms)),
        *faults_of(lambda: priced.append(quote(order.request, book, at=quoted_at))),
        *_own_faults(order),
    ]
    if faults:
        raise InvalidInputError(faults)
    return priced[0]


def check_order_pickup(order: Order, ports: Ports, terms: Terms) -> None:
    """Refuse a pickup the schedule does not allow.

    Raises:
        InvalidInputError: with the schedule's reasons.
    """
    check_pickup(
        terms.schedule,
        order.request.pickup_date,
        order.request.pickup_time,
        now=ports.clock(),
        zone=terms.zone,
        holidays=ports.holidays,
        override=order.override,
    )


def _own_faults(order: Order) -> Iterator[FieldFault]:
    if order.delivery_address is not None:
        yield from address_faults(order.pickup_address, order.delivery_address)
    yield from description_faults(order.request.item_count, order.item_description)


def address_faults(pickup: Address, delivery: Address) -> Iterator[FieldFault]:
    """Yield a fault when both are the same door."""
    if delivery.door == pickup.door:
        message = "must differ from the pickup address"
        yield FieldFault(field="delivery_address", code="same_address", message=message)


def description_faults(item_count: int | None, item_description: str) -> Iterator[FieldFault]:
    """Yield what is wrong with the words for the counted items."""
    if item_count is not None and not item_description.strip():
        message = "is required with item_count: what are the items?"
        yield FieldFault(field="item_description", code="missing", message=message)
    if len(item_description) > MAX_DESCRIPTION:
        message = f"must be at most {MAX_DESCRIPTION} characters"
        yield FieldFault(field="item_description", code="too_long", message=message)
