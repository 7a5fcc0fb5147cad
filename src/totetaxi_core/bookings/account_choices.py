"""What an order draws from the customer's account: contact, addresses, card, the usual time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.into_account import SAVED_DELIVERY, SAVED_PICKUP, not_in_account
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.customers.customer import Customer, PreferredPickupTime
from totetaxi_core.customers.payment_method import PaymentMethodNotFoundError
from totetaxi_core.customers.saved_address import SavedAddressNotFoundError
from totetaxi_core.geography.address import Address
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.unit_of_work import UnitOfWork

FIRST_SLOTS: Final[Mapping[PreferredPickupTime, time]] = {
    PreferredPickupTime.EARLY_MORNING: time(7),
    PreferredPickupTime.MID_MORNING: time(9),
    PreferredPickupTime.LATE_MORNING: time(11),
}
"""The pickup of an order that names no time."""
CARD: Final = "payment_method_id"
DEFAULT_CARD: Final = "use_default_card"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoices:
    """What an order names of the account. No card is charged unless it is named here.

    `uses_default_card` names the default card where there is no `payment_method_id`.
    """

    saved_pickup_address_id: UUID | None = None
    saved_delivery_address_id: UUID | None = None
    payment_method_id: UUID | None = None
    uses_default_card: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFromAccount:
    """The same, as it stands in the account."""

    contact: Contact
    pickup_address: Address | None
    delivery_address: Address | None
    payment_method_id: UUID | None


async def draw_on_account(
    customer: Customer,
    choices: AccountChoices,
    ports: Ports,
    *,
    idempotency_key: IdempotencyKey | None = None,
) -> DrawnFromAccount:
    """Look up what an order names of the account.

    What is there no more does not stand in the way of a key that has booked: its booking is
    answered, and has the address still.

    Raises:
        InvalidInputError: names each field whose thing is not there, and `phone` if the profile
            has none.
    """
    async with ports.unit_of_work() as uow:
        made = None
        if idempotency_key is not None:
            record = await uow.idempotency.find(idempotency_key, now=ports.clock())
            made = await uow.bookings.get(record.booking_id) if record is not None else None
        return await _Drawing(customer, choices, uow, made=made).drawn()


class _Drawing:
    """`made` is the booking that this very order has made before, by its idempotency key."""

    def __init__(
        self, customer: Customer, choices: AccountChoices, uow: UnitOfWork, *, made: Booking | None
    ) -> None:
        self._customer, self._choices, self._uow, self._made = customer, choices, uow, made
        self._faults: list[FieldFault] = []

    async def drawn(self) -> DrawnFromAccount:
        choices = self._choices
        drawn = DrawnFromAccount(
            contact=self._customer.contact,
            pickup_address=await self._address(SAVED_PICKUP, choices.saved_pickup_address_id),
            delivery_address=await self._address(SAVED_DELIVERY, choices.saved_delivery_address_id),
            payment_method_id=await self._card(),
        )
        if self._made is not None:
            return self._as_made(drawn, self._made)
        if not self._customer.phone:
            message = "is missing in your profile: the driver needs it"
            self._faults.append(FieldFault(field="phone", code="missing", message=message))
        if self._faults:
            raise InvalidInputError(self._faults)
        return drawn

    def _as_made(self, drawn: DrawnFromAccount, made: Booking) -> DrawnFromAccount:
        """Return it with the addresses that were named then and are removed since."""
        choices = self._choices
        pickup, delivery = drawn.pickup_address, drawn.delivery_address
        if choices.saved_pickup_address_id is not None:
            pickup = pickup or made.pickup_address
        if choices.saved_delivery_address_id is not None:
            delivery = delivery or made.delivery_address
        return replace(drawn, pickup_address=pickup, delivery_address=delivery)

    async def _address(self, field: str, address_id: UUID | None) -> Address | None:
        if address_id is None:
            return None
        try:
            saved = await self._uow.saved_addresses.get(self._customer.id, address_id)
        except SavedAddressNotFoundError:
            self._faults.append(not_in_account(field))
            return None
        return saved.address

    async def _card(self) -> UUID | None:
        chosen = self._choices.payment_method_id
        if chosen is None:
            return await self._default_card() if self._choices.uses_default_card else None
        try:
            return (await self._uow.payment_methods.get(self._customer.id, chosen)).id
        except PaymentMethodNotFoundError:
            self._faults.append(not_in_account(CARD))
            return None

    async def _default_card(self) -> UUID | None:
        cards = await self._uow.payment_methods.active(self._customer.id)
        default = next((card.id for card in cards if card.is_default), None)
        if default is None:
            self._faults.append(not_in_account(DEFAULT_CARD))
        return default
