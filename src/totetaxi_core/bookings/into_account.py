"""What a booking leaves in the account it goes into: its saved addresses are used, or kept."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.order import Order
from totetaxi_core.customers.keep_addresses import keep_booked_address, use_saved_address
from totetaxi_core.customers.live_account import lock_account
from totetaxi_core.customers.saved_address import SavedAddressNotFoundError
from totetaxi_core.geography.address import Address
from totetaxi_core.ids import IdSource
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.unit_of_work import UnitOfWork

SAVED_PICKUP = "saved_pickup_address_id"
SAVED_DELIVERY = "saved_delivery_address_id"


async def enter_account(order: Order, uow: UnitOfWork, ids: IdSource, *, at: datetime) -> None:
    """Count the order's saved addresses and keep its new ones, in the booking's transaction.

    A guest's order leaves nothing anywhere.

    Raises:
        InvalidTokenError: the account was deleted meanwhile.
        InvalidInputError: a saved address was removed meanwhile.
    """
    if order.customer_id is None:
        return
    await lock_account(order.customer_id, uow)
    for field, address_id in _used(order):
        try:
            await use_saved_address(order.customer_id, address_id, uow, at=at)
        except SavedAddressNotFoundError as error:
            raise InvalidInputError([not_in_account(field)]) from error
    for address in _new(order):
        await keep_booked_address(order.customer_id, address, uow, ids, at=at)


def not_in_account(field: str) -> FieldFault:
    """Return the fault of an id that names nothing of the customer's, whatever else it may name."""
    return FieldFault(field=field, code="not_found", message="names nothing in your account")


def _used(order: Order) -> Iterator[tuple[str, UUID]]:
    if order.saved_pickup_address_id is not None:
        yield SAVED_PICKUP, order.saved_pickup_address_id
    if order.saved_delivery_address_id is not None:
        yield SAVED_DELIVERY, order.saved_delivery_address_id


def _new(order: Order) -> Iterator[Address]:
    if order.saves_pickup_address:
        yield order.pickup_address
    if order.saves_delivery_address and order.delivery_address is not None:
        yield order.delivery_address
