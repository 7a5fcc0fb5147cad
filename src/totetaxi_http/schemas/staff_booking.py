"""The body and the answer of a booking that staff make."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from types import TracebackType
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.book_by_staff import BookedByStaff
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.pay_stored import PaymentFailure
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.pricing import PriceAdjustment
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.schedule_override import MAX_REASON, ScheduleOverride
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.booked_message import message_of
from totetaxi_http.schemas.booking import BookingResponse, PaymentResponse
from totetaxi_http.schemas.contradictions import contradictions
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.guest_booking import EXAMPLE_BOOKING
from totetaxi_http.schemas.order_fields import OrderFields
from totetaxi_http.schemas.rule_faults import pickup_rule_faults, pricing_rule_faults
from totetaxi_http.wire.constraints import Text, Whole
from totetaxi_http.wire.contact import EmailAddress, PhoneNumber

CONTACT: Final = ("first_name", "last_name", "email", "phone")
MOST_CENTS: Final = 1_000_000_000
ADJUSTMENT: Final = "adjustment"


@attrs.frozen(kw_only=True)
class PriceAdjustmentFields:
    """Cents added, or (negative) taken off, before tax; the reason is shown as the line's name."""

    amount_cents: Annotated[int, Whole(minimum=-MOST_CENTS, maximum=MOST_CENTS)]
    reason: Annotated[str, Text(max_length=200)]

    def to_adjustment(self) -> PriceAdjustment:
        return PriceAdjustment(amount_cents=self.amount_cents, reason=self.reason)


@attrs.frozen(kw_only=True)
class StaffBookingBody(OrderFields):
    """A booking for a guest, by the contact fields, or into an account, by `customer_id`.

    `override_reason` opens today, short notice, far and closed days, and totals above the charge
    limit; never the past, the hours, the crews or the area. The crew is held for 24 hours, and the
    mail has the link to pay.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **EXAMPLE_BOOKING,
        "override_reason": "the customer asked for tomorrow by telephone",
        "price_adjustment": {"amount_cents": -5_000, "reason": "apology for the last move"},
    }

    pickup_time: time
    pickup_address: AddressFields
    delivery_address: AddressFields | None = None
    first_name: Annotated[str, Text(max_length=100)] | None = None
    last_name: Annotated[str, Text(max_length=100)] | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    customer_id: UUID | None = None
    override_reason: Annotated[str, Text(max_length=MAX_REASON)] | None = None
    price_adjustment: PriceAdjustmentFields | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        yield from _whom(good)
        yield from contradictions(good)
        override = ScheduleOverride(reason="said") if good.get("override_reason") else None
        yield from pickup_rule_faults(good, state, override=override)
        yield from pricing_rule_faults(cls, good, state)

    def to_order(
        self,
        account: Contact | None,
        *,
        placed_by: str,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Order:
        """Return the domain's order; `account` is the contact of the account it goes into.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        fields = attrs.asdict(self, recurse=False)
        if faults := (*_whom(fields), *contradictions(fields)):
            raise InvalidInputError(faults)
        delivery, adjustment = self.delivery_address, self.price_adjustment
        reason = self.override_reason
        return self.order(
            pickup_time=self.pickup_time,
            contact=account or self._contact(),
            pickup=self.pickup_address.to_address(),
            delivery=delivery.to_address() if delivery else None,
            placed_by=placed_by,
            customer_id=self.customer_id,
            idempotency_key=idempotency_key,
            override=ScheduleOverride(reason=reason) if reason else None,
            adjustment=adjustment.to_adjustment() if adjustment else None,
        )

    def _contact(self) -> Contact:
        return Contact(
            first_name=self.first_name or "",
            last_name=self.last_name or "",
            email=self.email or "",
            phone=self.phone or "",
        )


class staff_faults_as_sent(faults_as_sent):  # noqa: N801  used like a function
    """Let a refusal of the domain out with the paths of a staff body."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, InvalidInputError):
            error = InvalidInputError([_as_staff_sent(fault) for fault in error.faults])
        super().__exit__(kind, error, traceback)


def _as_staff_sent(fault: FieldFault) -> FieldFault:
    head, dot, rest = fault.field.partition(".")
    if head != ADJUSTMENT:
        return fault
    return FieldFault(field=f"price_adjustment{dot}{rest}", code=fault.code, message=fault.message)


def _whom(good: Mapping[str, Any]) -> Iterator[FieldFault]:
    """Yield what is wrong with whom it is for: the contact, or an account, and not both."""
    if "customer_id" not in good:
        return
    for name in CONTACT:
        if name not in good:
            continue
        if good["customer_id"] is None and good[name] is None:
            message = "is required, or customer_id in place of all contact fields"
            yield FieldFault(field=name, code="missing", message=message)
        if good["customer_id"] is not None and good[name] is not None:
            message = "is in the account of customer_id: send one of the two"
            yield FieldFault(field=name, code="conflicting", message=message)


@attrs.frozen(kw_only=True)
class StaffBookingResponse:
    """The booking and how it can be paid: by the link that is mailed, or by `payment`.

    `payment_link` is null when nothing is to be paid any more; `payment` is null then too, when it
    was not asked for, or when `payment_error` says why it could not be started.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Your booking is kept until it is paid.",
        "booking": BookingResponse.EXAMPLE,
        "manage_token": "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTg",
        "payment_link": "https://api.totetaxi.com/api/public/pay?manage_token=C5xPbjpXTR6aZF-LLH0",
        "payment": PaymentResponse.EXAMPLE,
        "payment_error": None,
    }

    message: str
    booking: BookingResponse
    manage_token: str
    payment_link: str | None
    payment: PaymentResponse | None
    payment_error: PaymentFailure | None

    @classmethod
    def from_booked(cls, booked: BookedByStaff) -> Self:
        return cls(
            message=message_of(booked),
            booking=BookingResponse.from_booking(booked.booking),
            manage_token=booked.manage_token,
            payment_link=booked.payment_link,
            payment=PaymentResponse.from_intent(booked.intent) if booked.intent else None,
            payment_error=booked.payment_error,
        )
