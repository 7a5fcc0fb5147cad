"""Cancel a booking, paid or not: what comes back is shown first, and is then what comes back."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owe_cancellation
from totetaxi_core.bookings.repositories import (
    IdempotencyKey,
    IdempotencyKeyReusedError,
    IdempotencyRecord,
)
from totetaxi_core.money import BASIS_POINTS, share_down
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import SYSTEM, Refund, RefundStatus
from totetaxi_core.payments.refundable import Refundable, refundable
from totetaxi_core.payments.taken_back import make_room
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

BY_CUSTOMER = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
BY_STAFF = BY_CUSTOMER | {BookingStatus.IN_PROGRESS}
CANCELLATION = "cancellation"


class RefundChangedError(DomainError):
    """What comes back is not what was expected; `offer` is how it is now."""

    code = "refund_changed"
    field = "expected_refund_cents"

    def __init__(self, offer: "CancellationOffer") -> None:
        super().__init__(f"cancelling now sends back {offer.refund_cents} cents")
        self.offer = offer


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationOffer:
    """What cancelling now sends back: `refund_bp` of `paid_cents`, net of refunds and disputes."""

    refund_cents: int
    refund_bp: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelling:
    """Who cancels: a member of staff by name, or (None) the customer. Staff send back all.

    The scope of the idempotency key is this booking's alone.
    """

    booking_id: UUID
    staff_name: str | None = None
    idempotency_key: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The booking as it now stands; `is_replay`: the same idempotency key had cancelled it."""

    booking: Booking
    is_replay: bool = False


async def preview_cancellation(cancelling: Cancelling, ports: Ports) -> CancellationOffer:
    """Tell what cancelling now would send back.

    Raises:
        BookingNotFoundError: no booking has this id.
        InvalidTransitionError: it cannot be cancelled any more by whoever asks.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(cancelling.booking_id)
        return (await _Cancellation(booking, cancelling, uow, ports).terms())[0]


async def cancel_booking(
    cancelling: Cancelling, ports: Ports, terms: Terms, *, expected_refund_cents: int
) -> Cancelled:
    """Cancel, free the crew, and owe exactly the refund that was expected.

    Raises:
        BookingNotFoundError: no booking has this id.
        InvalidTransitionError: it cannot be cancelled any more by whoever asks.
        RefundChangedError: another amount comes back; nothing was changed.
        PaymentUnderWayError, PaymentUnavailableError: of a pending booking's payment.
        IdempotencyKeyReusedError: the key has cancelled it for another body.
    """
    cancelled = await _cancel(cancelling, ports, terms, expected_refund_cents=expected_refund_cents)
    if cancelled is not None:
        return cancelled
    try:
        ended = await cancel_unpaid(
            cancelling.booking_id, ports, terms, staff_name=cancelling.staff_name
        )
    except InvalidTransitionError:
        # Its payer was faster: from now on it is cancelled as a paid one, by those terms.
        cancelled = await _cancel(
            cancelling, ports, terms, expected_refund_cents=expected_refund_cents
        )
        if cancelled is None:
            raise
        return cancelled
    return Cancelled(ended)


async def _cancel(
    cancelling: Cancelling, ports: Ports, terms: Terms, *, expected_refund_cents: int
) -> Cancelled | None:
    """Cancel a booking that is past its payment; None while it is pending."""
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(cancelling.booking_id, lock=True)
        cancellation = _Cancellation(booking, cancelling, uow, ports)
        if await cancellation.is_replay():
            return Cancelled(booking, is_replay=True)
        offer, left = await cancellation.terms()
        if offer.refund_cents != expected_refund_cents:
            raise RefundChangedError(offer)
        if booking.status is BookingStatus.PENDING:
            await uow.commit()
            return None
        cancelled = await cancellation.apply(offer, left)
        await uow.crews.release(
            booking.quote.request.pickup_date, occupied(booking, terms.schedule)
        )
        await uow.commit()
    return Cancelled(cancelled)


class _Cancellation:
    """One booking, in an open transaction, and whoever cancels it."""

    def __init__(
        self, booking: Booking, cancelling: Cancelling, uow: UnitOfWork, ports: Ports
    ) -> None:
        self.booking, self.staff_name = booking, cancelling.staff_name
        self.key = cancelling.idempotency_key
        self.uow, self.ids = uow, ports.ids
        self.now = ports.clock()

    async def is_replay(self) -> bool:
        """Claim the idempotency key for this locked booking; True when it has cancelled it before.

        Raises:
            IdempotencyKeyReusedError: it did so for another body.
        """
        if self.key is None:
            return False
        record = IdempotencyRecord(
            key=self.key, booking_id=self.booking.id, leased_until=None, created_at=self.now
        )
        known = await self.uow.idempotency.find(self.key, now=self.now)
        if known is None:
            await self.uow.idempotency.add(record)
            return False
        if self.booking.status is not BookingStatus.CANCELLED:
            await self.uow.idempotency.save(record)  # what was refused before is not kept
            return False
        if known.key.body_hash != self.key.body_hash:
            raise IdempotencyKeyReusedError("this key was used for another body")
        return True

    async def terms(self) -> tuple[CancellationOffer, Refundable]:
        """Return what comes back, and of which payment.

        Raises:
            InvalidTransitionError: it cannot be cancelled any more by whoever asks.
        """
        booking = self.booking
        allowed = BY_STAFF if self.staff_name else BY_CUSTOMER
        begun = self.staff_name is None and self.now >= booking.pickup_at
        if booking.status not in allowed or begun:
            raise InvalidTransitionError(
                booking.booking_number, booking.status, BookingStatus.CANCELLED
            )
        payments = await self.uow.payments.of_booking(booking.id)
        refunds = await self.uow.refunds.of_booking(booking.id)
        # What was only asked for may yet be rejected: it must not take from what the terms owe.
        decided = [each for each in refunds if each.status is not RefundStatus.REQUESTED]
        left = refundable(payments, decided, await self.uow.disputes.of_booking(booking.id))
        refund_bp = await self._refund_bp()
        offer = CancellationOffer(
            refund_cents=share_down(left.left_cents, refund_bp),
            refund_bp=refund_bp,
            paid_cents=left.left_cents,
        )
        return offer, left

    async def apply(self, offer: CancellationOffer, left: Refundable) -> Booking:
        """Cancel the booking, which is locked and not pending, and owe what follows."""
        reason = CancellationReason.STAFF if self.staff_name else CancellationReason.CUSTOMER
        cancelled = self.booking.cancel(reason=reason, at=self.now)
        await self.uow.bookings.save(cancelled)
        refund = None
        if left.payment is None:
            await self.uow.discount_uses.give_back(cancelled.id)
        elif offer.refund_cents:
            refund = self._refund(left.payment, offer)
            cents = refund.amount_cents
            await make_room(
                left.payment, cancelled, self.uow, self.ids, amount_cents=cents, at=self.now
            )
            await self.uow.refunds.add(refund)
            await self.uow.outbox.owe(owed_refund(refund, self.ids, at=self.now))
        await owe_cancellation(self.uow.outbox, self.ids, cancelled, refund=refund, at=self.now)
        if self.staff_name:
            await self.uow.staff_acts.add(self._act(self.staff_name, offer))
        return cancelled

    async def _refund_bp(self) -> int:
        if self.staff_name:
            return BASIS_POINTS
        book = await self.uow.price_books.get(self.booking.quote.price_book_version)
        return book.cancellation_terms.refund_bp(pickup_at=self.booking.pickup_at, at=self.now)

    def _refund(self, payment: Payment, offer: CancellationOffer) -> Refund:
        return Refund(
            id=self.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            amount_cents=offer.refund_cents,
            reason=CANCELLATION,
            status=RefundStatus.APPROVED,
            requested_by=self.staff_name or SYSTEM,
            created_at=self.now,
            updated_at=self.now,
        )

    def _act(self, staff_name: str, offer: CancellationOffer) -> StaffAct:
        number = self.booking.booking_number
        return StaffAct(
            id=self.ids.new_id(),
            staff_name=staff_name,
            action_type="booking_update",
            description=f"cancelled {number}, sending back {offer.refund_cents} cents",
            booking_id=self.booking.id,
            created_at=self.now,
        )
