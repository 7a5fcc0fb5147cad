"""Bodies and answers of bookings that go into the caller's account."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.account_choices import (
    CARD,
    FIRST_SLOTS,
    AccountChoices,
    DrawnFromAccount,
)
from totetaxi_core.bookings.book import Booked
from totetaxi_core.bookings.booking import CUSTOMER
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.pay_stored import PaymentFailure
from totetaxi_core.bookings.rebook import Rebooking
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.customers.customer import Customer
from totetaxi_core.geography.address import Address
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.booked_message import message_of
from totetaxi_http.schemas.booking import BookingResponse, PaymentResponse
from totetaxi_http.schemas.contradictions import ENDS, contradictions
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING
from totetaxi_http.schemas.order_fields import OrderFields
from totetaxi_http.schemas.payment_method import PaymentMethodResponse
from totetaxi_http.schemas.rule_faults import pickup_rule_faults
from totetaxi_http.wire.constraints import Text, Whole

CONTACT = ("first_name", "last_name", "email", "phone")
INTENT = "create_payment_intent"


@attrs.frozen(kw_only=True)
class CustomerBookingBody(OrderFields):
    """A booking into one's account; whom it is for is in the profile.

    Each end is a new address or a saved one. Without a `pickup_time` it is the first one of the
    profile's preferred time of day: 07:00, 09:00 or 11:00. A card is charged only if
    `payment_method_id` names it, or `use_default_card` says so.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **{name: value for name, value in EXAMPLE_BOOKING.items() if name not in CONTACT},
        "save_delivery_address": True,
        "payment_method_id": PaymentMethodResponse.EXAMPLE["id"],
    }

    pickup_time: time | None = None
    pickup_address: AddressFields | None = None
    saved_pickup_address_id: UUID | None = None
    save_pickup_address: bool = False
    delivery_address: AddressFields | None = None
    saved_delivery_address_id: UUID | None = None
    save_delivery_address: bool = False
    payment_method_id: UUID | None = None
    use_default_card: bool = False

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        yield from _contradictions(good)
        yield from super().rule_faults(good, state)

    @property
    def choices(self) -> AccountChoices:
        return AccountChoices(
            saved_pickup_address_id=self.saved_pickup_address_id,
            saved_delivery_address_id=self.saved_delivery_address_id,
            payment_method_id=self.payment_method_id,
            uses_default_card=self.use_default_card,
        )

    def to_order(
        self,
        customer: Customer,
        drawn: DrawnFromAccount,
        *,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Order:
        """Return the domain's order.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        fields = attrs.asdict(self, recurse=False)
        faults = (*_contradictions(fields), *contradictions(fields))
        pickup = _address(self.pickup_address) or drawn.pickup_address
        if faults or pickup is None:
            raise InvalidInputError(faults)
        order = self.order(
            pickup_time=self.pickup_time or FIRST_SLOTS[customer.preferred_pickup_time],
            contact=drawn.contact,
            pickup=pickup,
            delivery=_address(self.delivery_address) or drawn.delivery_address,
            placed_by=CUSTOMER,
            customer_id=customer.id,
            idempotency_key=idempotency_key,
        )
        return replace(
            order,
            saved_pickup_address_id=self.saved_pickup_address_id,
            saved_delivery_address_id=self.saved_delivery_address_id,
            saves_pickup_address=self.save_pickup_address,
            saves_delivery_address=self.save_delivery_address,
            payment_method_id=drawn.payment_method_id,
        )


@attrs.frozen(kw_only=True)
class RebookBody:
    """When the same things are booked again. Without a `pickup_time`, at the same time of day.

    The old booking's discount code is not used again unless it is sent.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "pickup_date": "2026-12-15",
        "pickup_time": "09:30",
        "expected_total_cents": 99_500,
        "use_default_card": True,
    }

    pickup_date: date
    pickup_time: time | None = None
    expected_total_cents: Annotated[int, Whole(minimum=0, maximum=1_000_000_000)] | None = None
    discount_code: Annotated[str, Text(max_length=50)] | None = None
    payment_method_id: UUID | None = None
    use_default_card: bool = False
    create_payment_intent: bool = True
    allow_duplicate: bool = False

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        yield from _card_contradictions(good)
        yield from pickup_rule_faults(good, state)

    @property
    def choices(self) -> AccountChoices:
        return AccountChoices(
            payment_method_id=self.payment_method_id, uses_default_card=self.use_default_card
        )

    def to_rebooking(
        self, drawn: DrawnFromAccount, *, idempotency_key: IdempotencyKey | None
    ) -> Rebooking:
        """Return what the domain asks.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        if faults := tuple(_card_contradictions(attrs.asdict(self, recurse=False))):
            raise InvalidInputError(faults)
        return Rebooking(
            contact=drawn.contact,
            pickup_date=self.pickup_date,
            pickup_time=self.pickup_time,
            discount_code=self.discount_code,
            expected_total_cents=self.expected_total_cents,
            allow_duplicate=self.allow_duplicate,
            wants_intent=self.create_payment_intent,
            payment_method_id=drawn.payment_method_id,
            idempotency_key=idempotency_key,
        )


def _address(sent: AddressFields | None) -> Address | None:
    return sent.to_address() if sent else None


def _contradictions(good: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield the faults between the account's fields that are good."""
    for end in ENDS:
        yield from _end_contradictions(end, good)
    either = {"pickup_address", "saved_pickup_address_id"}
    if either <= good.keys() and all(good[name] is None for name in either):
        message = "is required, or saved_pickup_address_id in its place"
        yield FieldFault(field="pickup_address", code="missing", message=message)
    yield from _card_contradictions(good)


def _end_contradictions(end: str, good: Mapping[str, Any]) -> Iterator[FieldFault]:
    new, saved = f"{end}_address", f"saved_{end}_address_id"
    if good.get(new) is not None and good.get(saved) is not None:
        message = f"send {new} or {saved}, not both"
        yield FieldFault(field=saved, code="conflicting", message=message)
    if good.get(f"save_{new}") and new in good and good[new] is None:
        message = f"there is no {new} to save"
        yield FieldFault(field=f"save_{new}", code="not_applicable", message=message)


def _card_contradictions(good: Mapping[str, Any]) -> Iterator[FieldFault]:
    named, default = good.get(CARD) is not None, bool(good.get("use_default_card"))
    if named and default:
        message = "send payment_method_id or use_default_card, not both"
        yield FieldFault(field=CARD, code="conflicting", message=message)
    if (named or default) and good.get(INTENT) is False:
        message = "must not be false with a card to charge"
        yield FieldFault(field=INTENT, code="conflicting", message=message)


@attrs.frozen(kw_only=True)
class CustomerBookingResponse:
    """The booking and how it is, or can be, paid.

    `manage_token` is null: the account manages the booking. The same cart, booked before outside
    the account with its e-mail address, is answered without what is personal and without a
    `payment`. `payment` is null when there is nothing to pay, or `payment_error` says why it could
    not be started; after a declined card it can be paid with another one.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Your booking is kept until it is paid.",
        "booking": BookingResponse.EXAMPLE,
        "manage_token": None,
        "payment": PaymentResponse.EXAMPLE,
        "payment_error": None,
    }

    message: str
    booking: BookingResponse
    manage_token: str | None
    payment: PaymentResponse | None
    payment_error: PaymentFailure | None

    @classmethod
    def from_booked(cls, booked: Booked) -> Self:
        intent, booking = booked.intent, BookingResponse.from_booking(booked.booking)
        return cls(
            message=message_of(booked),
            booking=booking.of_the_cart() if booked.is_anothers else booking,
            manage_token=None,
            payment=PaymentResponse.from_intent(intent) if intent else None,
            payment_error=booked.payment_error,
        )


REPEAT: Mapping[str, object] = {
    **CustomerBookingResponse.EXAMPLE,
    "message": "This is booked already and waits for its payment.",
}
"""The example, sent once more."""
