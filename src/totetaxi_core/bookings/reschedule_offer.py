"""What moving a booking to another date and time costs or brings back, and why it may not be."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.money_left import MoneyLeft
from totetaxi_core.bookings.reprice import reprice
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refundable import share_out
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.scheduling.check_pickup import check_pickup
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_core.scheduling.schedule_refusal import refusals
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RescheduleOffer:
    """The price there and, of a booking that is paid, what of each payment would go back.

    `cash_cents` is what of its cash staff would hand back, once no payment has anything left.
    `refusal_codes` say why schedule or charge limits would refuse it; crews are not looked at.
    """

    booking: Booking
    quote: Quote
    shares: tuple[tuple[Payment, int], ...] = ()
    cash_cents: int = 0
    refusal_codes: tuple[str, ...] = ()

    @classmethod
    async def of(
        cls,
        booking: Booking,
        pickup_date: date,
        pickup_time: time,
        uow: UnitOfWork,
        *,
        at: datetime,
    ) -> Self:
        """Price it.

        Raises:
            InvalidInputError: names what the present price book does not offer any more.
        """
        quote = await reprice(booking, pickup_date, pickup_time, uow, at=at)
        less_cents = booking.total_cents - quote.total_cents
        if booking.status is not BookingStatus.CONFIRMED or less_cents <= 0:
            return cls(booking=booking, quote=quote)
        left = await MoneyLeft.of(booking.id, uow)
        shares = share_out(left.cards, less_cents)
        cash_cents = min(left.cash_cents, less_cents - sum(cents for _, cents in shares))
        return cls(booking=booking, quote=quote, shares=shares, cash_cents=cash_cents)

    @property
    def is_paid(self) -> bool:
        """Whether the booking stands, so that only the difference moves."""
        return self.booking.status is BookingStatus.CONFIRMED

    @property
    def changes_nothing(self) -> bool:
        """Whether it is the booking's present slot."""
        return self.quote is self.booking.quote

    @property
    def difference_cents(self) -> int:
        return self.quote.total_cents - self.booking.total_cents

    @property
    def refund_cents(self) -> int:
        """What goes back: the difference, at most what is left of what was paid."""
        return self.cash_cents + sum(cents for _, cents in self.shares)

    @property
    def to_pay_cents(self) -> int:
        """What would be charged: the difference, or all of an unpaid booking."""
        return max(0, self.difference_cents) if self.is_paid else self.quote.total_cents

    @property
    def bookable(self) -> bool:
        return not self.refusal_codes

    def refused_by(self, ports: Ports, terms: Terms) -> tuple[str, ...]:
        """Return the codes of every reason that a customer is refused for."""
        if self.changes_nothing:
            return ()
        request = self.quote.request
        of_schedule = refusals(
            terms.schedule,
            request.pickup_date,
            request.pickup_time,
            now=ports.clock(),
            zone=terms.zone,
            holidays=ports.holidays,
        )
        of_amount = terms.limits.refusal(self.to_pay_cents)
        return (*of_schedule, *([of_amount.code] if of_amount else []))

    def check(self, ports: Ports, terms: Terms, *, override: ScheduleOverride | None) -> None:
        """Refuse what schedule or charge limits do not allow.

        Raises:
            InvalidInputError: with the schedule's reasons.
            AmountTooSmallError, AmountNeedsStaffError: of the charge limits.
        """
        if self.changes_nothing:
            return
        request = self.quote.request
        check_pickup(
            terms.schedule,
            request.pickup_date,
            request.pickup_time,
            now=ports.clock(),
            zone=terms.zone,
            holidays=ports.holidays,
            override=override,
        )
        reason = override.reason if override else None
        terms.limits.check(self.to_pay_cents, staff_reason=reason)
