"""Cancel a booking, paid or not: what comes back is shown first, and is then what comes back."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.booking_version import require_version
from totetaxi_core.bookings.end_reschedule import close_reschedule
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.money_left import MoneyLeft
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owe_cancellation
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.bookings.repositories import (
    IdempotencyKey,
    IdempotencyKeyReusedError,
    IdempotencyRecord,
)
from totetaxi_core.bookings.status_change import StatusChange, status_act
from totetaxi_core.ledger.post_cash import post_cash_return
from totetaxi_core.money import BASIS_POINTS, share_down
from totetaxi_core.payments.owe_back import owe_back
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.payments.refundable import share_out
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

BY_CUSTOMER = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
BY_STAFF = BY_CUSTOMER | {BookingStatus.IN_PROGRESS}
CANCELLATION = "cancellation"
MAX_TRIES = 5


class RefundChangedError(DomainError):
    """What comes back is not what was expected; `offer` is how it is now."""

    code = "refund_changed"
    field = "expected_refund_cents"

    def __init__(self, offer: "CancellationOffer") -> None:
        super().__init__(f"cancelling now sends back {offer.refund_cents} cents")
        self.offer = offer


class _RescheduleWaitsError(Exception):
    """The booking is on its way to another slot, which has to be closed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationOffer:
    """What cancelling now sends back: `refund_bp` of `paid_cents`, net of refunds and disputes.

    A booking paid in cash is handed its money back by staff.
    """

    refund_cents: int
    refund_bp: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelling:
    """Who cancels: a member of staff by name, or (None) the customer. Staff send back all.

    With a `customer_id`, only a booking of that account. `notes` say why; `seen_versions` are those
    the booking may have, None is any. The scope of the idempotency key is this booking's alone.
    """

    booking_id: UUID
    staff_name: str | None = None
    customer_id: UUID | None = None
    notes: str = ""
    seen_versions: Collection[int] | None = None
    idempotency_key: IdempotencyKey | None = None

    @property
    def by_staff(self) -> StatusChange | None:
        """What a member of staff does; None for the customer."""
        if self.staff_name is None:
            return None
        return StatusChange(
            booking_id=self.booking_id,
            staff_name=self.staff_name,
            notes=self.notes,
            seen_versions=self.seen_versions,
        )


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The booking as it now stands; `is_replay`: the same idempotency key had cancelled it."""

    booking: Booking
    is_replay: bool = False


async def preview_cancellation(cancelling: Cancelling, ports: Ports) -> CancellationOffer:
    """Tell what cancelling now would send back.

    Raises:
        BookingNotFoundError: no booking has this id, or it is not in that account.
        InvalidTransitionError: it cannot be cancelled any more by whoever asks.
    """
    async with ports.unit_of_work() as uow:
        booking = await _asked_for(cancelling, uow)
        return (await _Cancellation(booking, cancelling, uow, ports).terms())[0]


async def cancel_booking(
    cancelling: Cancelling, ports: Ports, terms: Terms, *, expected_refund_cents: int
) -> Cancelled:
    """Cancel, free the crew, and owe exactly the refund that was expected.

    Raises:
        BookingNotFoundError: no booking has this id, or it is not in that account.
        StaleVersionError: it has changed since it was seen.
        InvalidTransitionError: it cannot be cancelled any more by whoever asks.
        RefundChangedError: another amount comes back; nothing was changed.
        PaymentUnderWayError, PaymentUnavailableError: of a pending booking's payment.
        IdempotencyKeyReusedError: the key has cancelled it for another body.
    """
    for _ in range(MAX_TRIES):
        try:
            return await _cancel_now(
                cancelling, ports, terms, expected_refund_cents=expected_refund_cents
            )
        except _RescheduleWaitsError:
            # Nobody may pay for a slot of a booking that is over.
            await close_reschedule(cancelling.booking_id, ports, terms)
    raise PaymentUnderWayError("somebody keeps rescheduling this booking")


async def _cancel_now(
    cancelling: Cancelling, ports: Ports, terms: Terms, *, expected_refund_cents: int
) -> Cancelled:
    cancelled = await _cancel(cancelling, ports, expected_refund_cents=expected_refund_cents)
    if cancelled is not None:
        return cancelled
    try:
        ended = await cancel_unpaid(cancelling.booking_id, ports, terms, by=cancelling.by_staff)
    except InvalidTransitionError:
        # Its payer was faster: from now on it is cancelled as a paid one, by those terms.
        cancelled = await _cancel(cancelling, ports, expected_refund_cents=expected_refund_cents)
        if cancelled is None:
            raise
        return cancelled
    return Cancelled(ended)


async def _cancel(
    cancelling: Cancelling, ports: Ports, *, expected_refund_cents: int
) -> Cancelled | None:
    """Cancel a booking that is past its payment; None while it is pending."""
    async with ports.unit_of_work() as uow:
        booking = await _asked_for(cancelling, uow, lock=True)
        cancellation = _Cancellation(booking, cancelling, uow, ports)
        if await cancellation.is_replay():
            return Cancelled(booking, is_replay=True)
        require_version(booking, cancelling.seen_versions)
        offer, left = await cancellation.terms()
        if offer.refund_cents != expected_refund_cents:
            raise RefundChangedError(offer)
        if await uow.reschedules.pending_of(booking.id) is not None:
            raise _RescheduleWaitsError
        if booking.status is BookingStatus.PENDING:
            await uow.commit()
            return None
        cancelled = await cancellation.apply(offer, left)
        await uow.crews.release(booking.quote.request.pickup_date, occupied(booking))
        await uow.commit()
    return Cancelled(cancelled)


async def _asked_for(cancelling: Cancelling, uow: UnitOfWork, *, lock: bool = False) -> Booking:
    if cancelling.customer_id is None:
        return await uow.bookings.get(cancelling.booking_id, lock=lock)
    return await booking_of_customer(cancelling.booking_id, cancelling.customer_id, uow, lock=lock)


class _Cancellation:
    """One booking, in an open transaction, and whoever cancels it."""

    def __init__(
        self, booking: Booking, cancelling: Cancelling, uow: UnitOfWork, ports: Ports
    ) -> None:
        self.booking, self.staff_name = booking, cancelling.staff_name
        self.key, self.by_staff = cancelling.idempotency_key, cancelling.by_staff
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

    async def terms(self) -> tuple[CancellationOffer, MoneyLeft]:
        """Return what comes back, and of what.

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
        left = await MoneyLeft.of(booking.id, self.uow)
        refund_bp = await self._refund_bp()
        offer = CancellationOffer(
            refund_cents=share_down(left.cents, refund_bp),
            refund_bp=refund_bp,
            paid_cents=left.cents,
        )
        return offer, left

    async def apply(self, offer: CancellationOffer, left: MoneyLeft) -> Booking:
        """Cancel the booking, which is locked and not pending, and owe what follows."""
        reason = CancellationReason.STAFF if self.staff_name else CancellationReason.CUSTOMER
        cancelled = self.booking.cancel(reason=reason, at=self.now)
        await self.uow.bookings.save(cancelled)
        await announce(self.uow, EventType.BOOKING_CANCELLED, cancelled, at=self.now)
        cash_cents = share_down(left.cash_cents, offer.refund_bp)
        refunds = await owe_back(
            share_out(left.cards, offer.refund_cents - cash_cents),
            cancelled,
            self.uow,
            self.ids,
            reason=CANCELLATION,
            requested_by=self.staff_name or SYSTEM,
            at=self.now,
        )
        if cash_cents:
            await self._hand_back(cancelled, cash_cents)
        elif left.is_nothing_paid:
            await self.uow.discount_uses.give_back(cancelled.id)
        outbox, ids = self.uow.outbox, self.ids
        await owe_cancellation(
            outbox, ids, cancelled, refunds=refunds, cash_cents=cash_cents, at=self.now
        )
        if self.by_staff is not None:
            await self.uow.staff_acts.add(self._act(cancelled, self.by_staff, offer))
        return cancelled

    async def _hand_back(self, cancelled: Booking, cents: int) -> None:
        """Post the cash as handed back, which staff are told to do."""
        await post_cash_return(self.uow, cancelled, self.ids, amount_cents=cents, at=self.now)

    async def _refund_bp(self) -> int:
        if self.staff_name:
            return BASIS_POINTS
        book = await self.uow.price_books.get(self.booking.quote.price_book_version)
        return book.cancellation_terms.refund_bp(pickup_at=self.booking.pickup_at, at=self.now)

    def _act(self, cancelled: Booking, by: StatusChange, offer: CancellationOffer) -> StaffAct:
        number, who = cancelled.booking_number, by.staff_name
        said = f"cancelled {number}, sending back {offer.refund_cents} cents"
        return status_act(
            self.booking, cancelled, self.ids, staff_name=who, said=said, notes=by.notes
        )
