"""Staff ask for a refund, and approve or reject it: two acts, each on record by name."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.payment import PaymentPurpose
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import (
    Refundable,
    RefundExceedsPaymentError,
    refundable,
)
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """What staff ask for; without an amount, all that is left."""

    reason: str
    amount_cents: int | None = None


async def request_refund(
    booking_id: UUID, request: RefundRequest, ports: Ports, *, staff_name: str
) -> Refund:
    """Ask for a refund of a booking's payment; money that came twice goes back first.

    Raises:
        BookingNotFoundError: no booking has this id.
        RefundExceedsPaymentError: not between one cent and what is left, checked under lock;
            nothing is left while an open dispute has the payment.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id, lock=True)
        left = await _left(booking_id, uow)
        amount = left.left_cents if request.amount_cents is None else request.amount_cents
        if left.payment is None or not 1 <= amount <= left.left_cents:
            if left.payment is not None:
                await _require_undisputed(left.payment.id, booking_id, uow)
            raise RefundExceedsPaymentError(f"{left.left_cents} cents are left to refund")
        refund = Refund(
            id=ports.ids.new_id(),
            payment_id=left.payment.id,
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
    return refund


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


async def _left(booking_id: UUID, uow: UnitOfWork) -> Refundable:
    payments = await uow.payments.of_booking(booking_id, lock=True)
    refunds = await uow.refunds.of_booking(booking_id)
    disputes = await uow.disputes.of_booking(booking_id)
    twice = refundable(payments, refunds, disputes, purpose=PaymentPurpose.DUPLICATE)
    return twice if twice.left_cents else refundable(payments, refunds, disputes)


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
            decided = refund.approve(at=now)
            await _require_undisputed(refund.payment_id, booking_id, uow)
            await uow.outbox.owe(owed_refund(decided, ports.ids, at=now))
        else:
            decided = refund.reject(at=now)
        await uow.refunds.save(decided)
        await uow.staff_acts.add(_act(decided, booking, ports, staff_name=staff_name))
        await uow.commit()
    return decided


def _act(refund: Refund, booking: Booking, ports: Ports, *, staff_name: str) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type="refund_issued",
        description=(
            f"{refund.status} a refund of {refund.amount_cents} cents for "
            f"{booking.booking_number}: {refund.reason}"
        ),
        booking_id=booking.id,
        created_at=refund.updated_at,
    )
