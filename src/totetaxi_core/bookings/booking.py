"""A move a customer booked: what, where, when, at which price, and where it stands."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Self
from uuid import UUID

from totetaxi_core.bookings.booking_status import NEXT, BookingStatus, CancellationReason
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.geography.address import Address
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.refusal import DomainError

GUEST = "guest"
CUSTOMER = "customer"
SELF_SERVICE = frozenset({GUEST, CUSTOMER})
CREW_DAY_ENDS_AT = time(20)
"""When the crews' day ended before staff could say."""
RESCHEDULABLE = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})


class InvalidTransitionError(DomainError):
    """The booking cannot go from where it stands to there."""

    code = "invalid_transition"
    field = "status"

    def __init__(self, number: str, status: BookingStatus, target: BookingStatus) -> None:
        stands = status.replace("_", " ")
        if status is target:
            super().__init__(f"booking {number} is {stands} already")
        else:
            wanted = target.replace("_", " ")
            super().__init__(f"booking {number} is {stands} and cannot become {wanted}")
        self.status, self.target = status, target


class NotReschedulableError(InvalidTransitionError):
    """Only a pending or confirmed booking whose pickup is ahead can be moved."""

    def __init__(self, number: str, status: BookingStatus) -> None:
        stands = status.replace("_", " ")
        if status in RESCHEDULABLE:
            stands = "due for its pickup"
        DomainError.__init__(self, f"booking {number} is {stands} and cannot be rescheduled")
        self.status = self.target = status


class BookingNotFoundError(DomainError):
    """No booking has this id or number."""

    code = "booking_not_found"

    def __init__(self, reference: object) -> None:
        super().__init__(f"there is no booking {reference}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Instants are aware and in UTC; `pickup_at` is the pickup date and time as such an instant.

    `contact` is whom it is for, as they said then; `customer_id` the account it is in, if any.
    `hold_expires_at` is set while pending.
    `cart_key` is alike for two orders of the same cart. `version` counts changes, from 1.
    `placed_by` is `guest`, `customer` or the name of a member of staff. `crew_day_ends_at` is that
    of the schedule it got its crew by: what it gives back is what it took, whatever came since.
    """

    id: UUID
    booking_number: str
    status: BookingStatus
    quote: Quote
    contact: Contact
    customer_id: UUID | None
    pickup_at: datetime
    pickup_address: Address
    delivery_address: Address | None
    item_description: str
    special_instructions: str
    cart_key: str
    placed_by: str
    hold_expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancellation_reason: CancellationReason | None = None
    version: int = 1
    crew_day_ends_at: time = CREW_DAY_ENDS_AT

    @property
    def total_cents(self) -> int:
        return self.quote.total_cents

    @property
    def is_by_staff(self) -> bool:
        return self.placed_by not in SELF_SERVICE

    def confirm(self, *, at: datetime) -> Self:
        """Return this booking, confirmed: it was paid, is free, or is paid in cash.

        Raises:
            InvalidTransitionError: it is not pending.
        """
        self._require(BookingStatus.CONFIRMED)
        return self._change(
            at=at,
            status=BookingStatus.CONFIRMED,
            confirmed_at=at,
            hold_expires_at=None,
        )

    def revive(self, *, at: datetime) -> Self:
        """Return this booking, confirmed by a payment that came after its hold had lapsed.

        Raises:
            InvalidTransitionError: it was not cancelled for want of payment.
        """
        if self.cancellation_reason is not CancellationReason.PAYMENT_TIMEOUT:
            raise InvalidTransitionError(self.booking_number, self.status, BookingStatus.CONFIRMED)
        return self._change(
            at=at,
            status=BookingStatus.CONFIRMED,
            confirmed_at=at,
            cancelled_at=None,
            cancellation_reason=None,
        )

    def cancel(self, *, reason: CancellationReason, at: datetime) -> Self:
        """Return this booking, cancelled.

        Raises:
            InvalidTransitionError: it is completed or cancelled.
        """
        self._require(BookingStatus.CANCELLED)
        return self._change(
            at=at,
            status=BookingStatus.CANCELLED,
            cancelled_at=at,
            cancellation_reason=reason,
            hold_expires_at=None,
        )

    def start(self, *, at: datetime) -> Self:
        """Return this booking, under way: the driver has set out.

        Raises:
            InvalidTransitionError: it is not confirmed.
        """
        self._require(BookingStatus.IN_PROGRESS)
        return self._change(
            at=at,
            status=BookingStatus.IN_PROGRESS,
            started_at=at,
        )

    def complete(self, *, at: datetime) -> Self:
        """Return this booking, done.

        Raises:
            InvalidTransitionError: it is neither confirmed nor under way.
        """
        self._require(BookingStatus.COMPLETED)
        return self._change(
            at=at,
            status=BookingStatus.COMPLETED,
            completed_at=at,
        )

    def join_account(self, customer_id: UUID, *, at: datetime) -> Self:
        """Return this booking, made as a guest, in the account of its e-mail address."""
        return self._change(at=at, customer_id=customer_id)

    def reschedule(
        self,
        quote: Quote,
        *,
        pickup_at: datetime,
        crew_day_ends_at: time,
        cart_key: str,
        hold_expires_at: datetime | None,
        at: datetime,
    ) -> Self:
        """Return this booking at another date and time, for the price there.

        Raises:
            NotReschedulableError: it is neither pending nor confirmed, or its pickup is due.
        """
        self.require_reschedulable(at=at)
        return self._change(
            at=at,
            quote=quote,
            pickup_at=pickup_at,
            crew_day_ends_at=crew_day_ends_at,
            cart_key=cart_key,
            hold_expires_at=hold_expires_at,
        )

    def require_reschedulable(self, *, at: datetime) -> None:
        """Refuse a booking that can be moved no more.

        Raises:
            NotReschedulableError: it is neither pending nor confirmed, or its pickup is due.
        """
        if self.status not in RESCHEDULABLE or at >= self.pickup_at:
            raise NotReschedulableError(self.booking_number, self.status)

    def is_payable(self, *, at: datetime) -> bool:
        """Tell whether it waits for its payment and its hold has not lapsed."""
        held = self.hold_expires_at is not None and at < self.hold_expires_at
        return self.status is BookingStatus.PENDING and held

    def _change(self, *, at: datetime, **changes: Any) -> Self:  # noqa: ANN401  as `replace` takes
        return replace(self, updated_at=at, version=self.version + 1, **changes)

    def _require(self, target: BookingStatus) -> None:
        if target not in NEXT[self.status]:
            raise InvalidTransitionError(self.booking_number, self.status, target)
