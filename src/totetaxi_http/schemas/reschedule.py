"""What moving a booking costs or brings back, and the answer once it has moved."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.pay_stored import PaymentFailure
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.bookings.reschedule_booking import Rescheduled
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.money import dollars
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.refusal import FieldFault
from totetaxi_core.scheduling.schedule_override import MAX_REASON, ScheduleOverride
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse, PaymentResponse
from totetaxi_http.schemas.payment_method import PaymentMethodResponse
from totetaxi_http.schemas.preview import LineResponse
from totetaxi_http.schemas.rule_faults import pickup_rule_faults
from totetaxi_http.wire.constraints import Text, Whole

WHEN: Mapping[str, str] = {"pickup_date": "2026-12-05", "pickup_time": "09:30"}
WEEKEND: Mapping[str, object] = {
    **LineResponse.EXAMPLE,
    "kind": "time_surcharge",
    "code": "weekend-mini_move",
    "label": "Weekend, mini move",
    "amount_cents": 17_500,
    "rule_id": "20a06cc3-030b-5e19-a4a5-9213f7fbca46",
}
DEARER: Mapping[str, object] = {
    **WHEN,
    "total_price_cents": 117_000,
    "total_price_dollars": "1170.00",
    "breakdown": [LineResponse.EXAMPLE, WEEKEND],
}


@attrs.frozen(kw_only=True)
class RescheduleQuery:
    """To when."""

    EXAMPLE: ClassVar[Mapping[str, str]] = WHEN

    pickup_date: date
    pickup_time: time


@attrs.frozen(kw_only=True)
class RescheduleOfferResponse:
    """The price there. Of a paid booking the difference is charged, or goes back.

    `refund_cents` is at most what is left of what was paid. `to_pay_cents` of an unpaid booking is
    all of the new price. `refusal_codes` say why schedule or charge limits would refuse it; crews
    are not looked at.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **DEARER,
        "previous_total_cents": 99_500,
        "difference_cents": 17_500,
        "refund_cents": 0,
        "to_pay_cents": 17_500,
        "price_book_version": 1,
        "bookable": True,
        "refusal_codes": [],
    }

    pickup_date: date
    pickup_time: time
    total_price_cents: int
    total_price_dollars: str
    previous_total_cents: int
    difference_cents: int
    refund_cents: int
    to_pay_cents: int
    breakdown: tuple[LineResponse, ...]
    price_book_version: int
    bookable: bool
    refusal_codes: tuple[str, ...]

    @classmethod
    def from_offer(cls, offer: RescheduleOffer) -> Self:
        quote = offer.quote
        return cls(
            pickup_date=quote.request.pickup_date,
            pickup_time=quote.request.pickup_time,
            total_price_cents=quote.total_cents,
            total_price_dollars=dollars(quote.total_cents),
            previous_total_cents=offer.booking.total_cents,
            difference_cents=offer.difference_cents,
            refund_cents=offer.refund_cents,
            to_pay_cents=offer.to_pay_cents,
            breakdown=tuple([LineResponse.from_line(line) for line in quote.lines]),
            price_book_version=quote.price_book_version,
            bookable=offer.bookable,
            refusal_codes=offer.refusal_codes,
        )


@attrs.frozen(kw_only=True)
class RescheduleBody:
    """To when, and for which total, so that nothing else is charged than what was shown."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {**WHEN, "expected_total_cents": 117_000}

    pickup_date: date
    pickup_time: time
    expected_total_cents: Annotated[int, Whole(minimum=0)]

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        return pickup_rule_faults(good, state)


@attrs.frozen(kw_only=True)
class OwnRescheduleBody(RescheduleBody):
    """A card is charged only if `payment_method_id` names it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **RescheduleBody.EXAMPLE,
        "payment_method_id": PaymentMethodResponse.EXAMPLE["id"],
    }

    payment_method_id: UUID | None = None


@attrs.frozen(kw_only=True)
class StaffRescheduleBody(RescheduleBody):
    """`override_reason` opens today, short notice, far and closed days, and high totals."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **RescheduleBody.EXAMPLE,
        "override_reason": "the elevator is out of order until then",
    }

    override_reason: Annotated[str, Text(max_length=MAX_REASON)] | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        reason = good.get("override_reason")
        override = ScheduleOverride(reason="said") if reason else None
        return pickup_rule_faults(good, state, override=override)

    @property
    def override(self) -> ScheduleOverride | None:
        return ScheduleOverride(reason=self.override_reason) if self.override_reason else None


@attrs.frozen(kw_only=True)
class WaitingRescheduleResponse:
    """Where the booking moves once its difference is paid; until then both slots are held."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **DEARER,
        "difference_cents": 17_500,
        "expires_at": "2026-11-25T15:32:00Z",
    }

    pickup_date: date
    pickup_time: time
    total_price_cents: int
    total_price_dollars: str
    breakdown: tuple[LineResponse, ...]
    difference_cents: int
    expires_at: datetime

    @classmethod
    def from_reschedule(cls, waiting: Reschedule) -> Self:
        quote = waiting.quote
        return cls(
            pickup_date=quote.request.pickup_date,
            pickup_time=quote.request.pickup_time,
            total_price_cents=quote.total_cents,
            total_price_dollars=dollars(quote.total_cents),
            breakdown=tuple([LineResponse.from_line(line) for line in quote.lines]),
            difference_cents=waiting.difference_cents,
            expires_at=waiting.expires_at,
        )


@attrs.frozen(kw_only=True)
class RescheduleResponse:
    """The booking as it now stands.

    It has moved unless `reschedule` is there: then it stays as it is until the difference is paid,
    which `payment` takes, or the link that was mailed where staff asked. `payment_error` says why
    it could not be paid yet.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "We keep the new time for you until the difference is paid.",
        "booking": CONFIRMED,
        "reschedule": WaitingRescheduleResponse.EXAMPLE,
        "payment": PaymentResponse.EXAMPLE,
        "payment_error": None,
    }

    message: str
    booking: BookingResponse
    reschedule: WaitingRescheduleResponse | None
    payment: PaymentResponse | None
    payment_error: PaymentFailure | None

    @classmethod
    def from_rescheduled(cls, done: Rescheduled) -> Self:
        intent, pending = done.intent, done.pending
        is_open = intent is not None and intent.status is not IntentStatus.SUCCEEDED
        return cls(
            message=_message_of(done),
            booking=BookingResponse.from_booking(done.booking),
            reschedule=WaitingRescheduleResponse.from_reschedule(pending) if pending else None,
            payment=PaymentResponse.from_intent(intent) if intent and is_open else None,
            payment_error=done.paying.failure,
        )


def _message_of(done: Rescheduled) -> str:
    if done.paying.decline_message is not None:
        return done.paying.decline_message
    if done.pending is not None:
        return "We keep the new time for you until the difference is paid."
    request = done.booking.quote.request
    on = request.pickup_date
    return f"We call on {on:%A, %B} {on.day} at {request.pickup_time:%H:%M}."
