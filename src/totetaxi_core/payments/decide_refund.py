"""Staff ask for a refund, and approve or reject it: two acts, each on record by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import (
    IdempotencyKey,
    IdempotencyKeyReusedError,
    IdempotencyRecord,
)
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import (
    Refundable,
    RefundExceedsPaymentError,
    fitting,
    refundable,
)
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

ACTS: Final[Mapping[RefundStatus, str]] = {
    RefundStatus.REQUESTED: "refund_requested",
    RefundStatus.APPROVED: "refund_issued",
    RefundStatus.REJECTED: "refund_rejected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What staff ask for; without an amount, all that is left of a payment."""

    reason: str
    amount_cents: int | None = None
    idempotency_key: IdempotencyKey | None = None


@dataclass(frozen=True, slots=True)
class RequestedRefund:
    """The refund as it now stands; `is_replay`: the same idempotency key had asked for it."""

    refund: Refund
    is_replay: bool = False


async def request_refund(
    booking_id: UUID, request: RefundRequest, ports: Ports, *, staff_name: str
) -> Refund:
    """Ask for a refund, as `request_refund_once` does, and return it."""
    asked = await request_refund_once(booking_id, request, ports, staff_name=staff_name)
    return asked.refund


async def request_refund_once(
    booking_id: UUID, request: RefundRequest, ports: Ports, *, staff_name: str
) -> RequestedRefund:
    """Ask for a refund of one payment of a booking; money that came twice goes back first.

    A booking that has moved may have several: it is of the first that has as much left.

    Raises:
        BookingNotFoundError: no booking has this id.
        RefundExceedsPaymentError: not between one cent and what is left of a payment, checked
            under lock; nothing is left while an open dispute has it.
        IdempotencyKeyReusedError: the key has asked for another refund.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id, lock=True)
        known = await _replayed(request, booking, uow, at=now)
        if known is not None:
            return RequestedRefund(known, is_replay=True)
        part = await _fitting(request, booking_id, uow)
        amount = part.left_cents if request.amount_cents is None else request.amount_cents
        refund = Refund(
            id=ports.ids.new_id(),
            payment_id=part.payment.id,
            booking_id=booking_id,
            amount_cents=amount,
            reason=request.reason,
            status=RefundStatus.REQUESTED,
            requested_by=staff_name,
            created_at=now,
            updated_at=now,
        )
        await uow.refunds.add(refund)
        await uow.staff_acts.add(_act(refund, booking, ports, staff_name=staff_name))
        await uow.commit()
    return RequestedRefund(refund)


async def _fitting(request: RefundRequest, booking_id: UUID, uow: UnitOfWork) -> Refundable:
    """Return the payment that the refund is of.

    Raises:
        RefundExceedsPaymentError: it fits none.
    """
    parts, amount = await _left(booking_id, uow), request.amount_cents
    part = fitting(parts, amount)
    if part is None or (amount is not None and amount < 1):
        raise await _refusal(parts, booking_id, uow)
    return part


async def _replayed(
    request: RefundRequest, booking: Booking, uow: UnitOfWork, *, at: datetime
) -> Refund | None:
    """Claim the key for the locked booking, or return the refund it has asked for.

    A record and its refund are of one transaction, and of the same instant; the reason may have
    been erased since.
    """
    key = request.idempotency_key
    if key is None:
        return None
    record = await uow.idempotency.find(key, now=at)
    if record is None:
        mine = IdempotencyRecord(key=key, booking_id=booking.id, leased_until=None, created_at=at)
        if not await uow.idempotency.add(mine):
            raise IdempotencyKeyReusedError("this key is in use for another refund")
        return None
    if record.key.body_hash != key.body_hash:
        raise IdempotencyKeyReusedError("this key was used for another body")
    refunds = await uow.refunds.of_booking(booking.id)
    of_then = [one for one in refunds if one.created_at == record.created_at]
    return min(of_then, key=lambda one: one.reason != request.reason)


async def approve_refund(refund_id: UUID, ports: Ports, *, staff_name: str) -> Refund:
    """Approve a requested refund, which is then owed to Stripe.

    Raises:
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it is not waiting for a decision.
        RefundExceedsPaymentError: an open dispute has its payment: it may wait for the verdict.
    """
    return await _decide(refund_id, RefundStatus.APPROVED, ports, staff_name=staff_name)


async def reject_refund(refund_id: UUID, ports: Ports, *, staff_name: str) -> Refund:
    """Refuse a requested refund, which opens its amount again.

    Raises:
        RefundNotFoundError: no refund has this id.
        InvalidRefundTransitionError: it is not waiting for a decision.
    """
    return await _decide(refund_id, RefundStatus.REJECTED, ports, staff_name=staff_name)


async def _left(booking_id: UUID, uow: UnitOfWork) -> tuple[Refundable, ...]:
    payments = await uow.payments.of_booking(booking_id, lock=True)
    refunds = await uow.refunds.of_booking(booking_id)
    disputes = await uow.disputes.of_booking(booking_id)
    return refundable(payments, refunds, disputes)


async def _refusal(
    parts: tuple[Refundable, ...], booking_id: UUID, uow: UnitOfWork
) -> RefundExceedsPaymentError:
    """Return the refusal that says what can be asked for instead.

    Raises:
        RefundExceedsPaymentError: nothing can, while an open dispute has a payment.
    """
    left = [part.left_cents for part in parts if part.left_cents]
    if not left:
        for part in parts:
            await _require_undisputed(part.payment.id, booking_id, uow)
    said = f"{sum(left)} cents are left to refund"
    if len(left) > 1:
        each = " and ".join(str(cents) for cents in left)
        said = f"{said}, of {len(left)} payments: ask for {each} by themselves"
    return RefundExceedsPaymentError(said)


async def _require_undisputed(payment_id: UUID, booking_id: UUID, uow: UnitOfWork) -> None:
    for dispute in await uow.disputes.of_booking(booking_id):
        if dispute.payment_id == payment_id and dispute.blocks_refunds:
            raise RefundExceedsPaymentError(
                f"dispute {dispute.stripe_dispute_id} has the payment: wait for its verdict"
            )


async def _decide(
    refund_id: UUID, decision: RefundStatus, ports: Ports, *, staff_name: str
) -> Refund:
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking_id = (await uow.refunds.get(refund_id)).booking_id
        booking = await uow.bookings.get(booking_id, lock=True)
        refund = await uow.refunds.get(refund_id, lock=True)
        if decision is RefundStatus.APPROVED:
            decided = refund.approve(by=staff_name, at=now)
            await _require_undisputed(refund.payment_id, booking_id, uow)
            await uow.outbox.owe(owed_refund(decided, ports.ids, at=now))
        else:
            decided = refund.reject(by=staff_name, at=now)
        await uow.refunds.save(decided)
        await uow.staff_acts.add(_act(decided, booking, ports, staff_name=staff_name))
        await uow.commit()
    return decided


def _act(refund: Refund, booking: Booking, ports: Ports, *, staff_name: str) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type=ACTS[refund.status],
        description=(
            f"{refund.status} a refund of {refund.amount_cents} cents for "
            f"{booking.booking_number}: {refund.reason}"
        ),
        booking_id=booking.id,
        created_at=refund.updated_at,
    )
