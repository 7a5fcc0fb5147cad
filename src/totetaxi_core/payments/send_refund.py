"""Send a refund to Stripe, and follow what becomes of it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from totetaxi_core.ledger.post_movement import post_refund, post_refund_failure
from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentUnavailableError,
    ProviderRefund,
    RefundOrder,
)
from totetaxi_core.payments.live_intent import KEY_KEPT
from totetaxi_core.payments.owed_refund import owe_refund_alert, owe_refund_news, owed_refund
from totetaxi_core.payments.refund import Refund, RefundNotFoundError, RefundStatus
from totetaxi_core.payments.refundable import left_of
from totetaxi_core.payments.take_in_refund import take_in_refund
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce_money import announce_refund

PAUSE = timedelta(minutes=10)  # Stripe just failed: give it time
SENDABLE = frozenset({RefundStatus.APPROVED})


async def send_refund(refund_id: UUID, ports: Ports) -> Refund:
    """Send an approved refund; one that was sent before is returned as it stands.

    Raises:
        RefundNotFoundError: no refund has this id.
        PaymentUnavailableError: Stripe does not answer; send again later.
    """
    async with ports.unit_of_work() as uow:
        refund = await uow.refunds.get(refund_id)
        attempts = await uow.payments.attempts(refund.booking_id)
    if refund.status not in SENDABLE:
        return refund
    intent_id = next(
        each.intent_id
        for each in attempts
        if each.payment_id == refund.payment_id and each.state == "succeeded" and each.intent_id
    )
    try:
        provider = await _at_stripe(refund, intent_id, ports)
    except PaymentDeclinedError as error:
        return await _store(refund, ports, failure=str(error))
    except PaymentUnavailableError as error:
        if not error.answered:
            raise
        known = await _made(refund, intent_id, ports)
        if known is None:
            return await _begin_anew(refund, ports)
        provider = known
    return await _store(refund, ports, provider=provider)


async def follow_refund(provider_refund_id: str, ports: Ports) -> Refund | None:
    """Take in how a refund stands at Stripe now; None when it is not one of ours.

    Raises:
        RefundTooEarlyError: of one begun at Stripe, whose charge we have not taken in yet.
        RefundExceedsPaymentError: of such a one, while others of ours are on their way.
    """
    provider = await ports.payments.get_refund(provider_refund_id)
    refund = await _known(provider, ports) or await take_in_refund(provider, ports)
    return None if refund is None else await _store(refund, ports, provider=provider)


async def _known(provider: ProviderRefund, ports: Ports) -> Refund | None:
    """Return our refund; None of one begun at Stripe, or sent after what a restore brought back."""
    if provider.refund_id is None:
        return None
    try:
        async with ports.unit_of_work() as uow:
            return await uow.refunds.get(provider.refund_id)
    except RefundNotFoundError:
        return None


async def _at_stripe(refund: Refund, intent_id: str, ports: Ports) -> ProviderRefund:
    """Create the refund, unless its key may be forgotten and Stripe has it already."""
    if ports.clock() - refund.created_at > KEY_KEPT:
        known = await _made(refund, intent_id, ports)
        if known is not None:
            return known
    order = RefundOrder(
        refund_id=refund.id,
        booking_id=refund.booking_id,
        intent_id=intent_id,
        amount_cents=refund.amount_cents,
    )
    return await ports.payments.create_refund(order)


async def _made(refund: Refund, intent_id: str, ports: Ports) -> ProviderRefund | None:
    """Return the refund as Stripe has it, None if it has none."""
    made = await ports.payments.find_refunds(intent_id)
    return next((each for each in made if each.refund_id == refund.id), None)


async def _begin_anew(refund: Refund, ports: Ports) -> Refund:
    """Put a new refund, with a key of its own, in the place of one whose key keeps a failure.

    None where a dispute has taken the money since: the failed one is returned, and staff told.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(refund.booking_id, lock=True)
        stored = await uow.refunds.get(refund.id, lock=True)
        if stored.status not in SENDABLE:
            return stored
        failed = stored.fail("Stripe failed to make it", at=now)
        await uow.refunds.save(failed)
        if await _is_disputed(failed, uow):
            await announce_refund(uow, failed, booking, at=now)
            await owe_refund_alert(failed, booking, uow.outbox, ports.ids)
            await uow.commit()
            return failed
        anew = replace(stored, id=ports.ids.new_id(), created_at=now, updated_at=now)
        await uow.refunds.add(anew)
        effect = owed_refund(anew, ports.ids, at=now)
        await uow.outbox.owe(replace(effect, due_at=now + PAUSE))
        await uow.commit()
    return anew


async def _is_disputed(refund: Refund, uow: UnitOfWork) -> bool:
    """Tell whether a dispute leaves less of its payment than the refund, which failed, is for."""
    payments = await uow.payments.of_booking(refund.booking_id, lock=True)
    payment = next(each for each in payments if each.id == refund.payment_id)
    refunds = await uow.refunds.of_booking(refund.booking_id)
    disputes = await uow.disputes.of_booking(refund.booking_id)
    return left_of(payment, refunds, disputes) < refund.amount_cents


async def _store(
    refund: Refund, ports: Ports, *, provider: ProviderRefund | None = None, failure: str = ""
) -> Refund:
    """Save what became of the refund; the customer hears of it, and staff of a failure."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(refund.booking_id, lock=True)
        stored = await uow.refunds.get(refund.id, lock=True)
        moved = stored.follow(provider, at=now) if provider else stored.fail(failure, at=now)
        if moved.status is not stored.status:
            await uow.refunds.save(moved)
            await announce_refund(uow, moved, booking, at=now)
            if moved.status is not RefundStatus.FAILED:
                await post_refund(uow, moved, ports.ids, at=now)
            else:
                await post_refund_failure(uow, moved, ports.ids, at=now)
                await owe_refund_alert(moved, booking, uow.outbox, ports.ids)
            await owe_refund_news(moved, booking, uow, ports.ids)
        await uow.commit()
    return moved
