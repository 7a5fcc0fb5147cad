"""Mend a drift by the use case that would have kept it from arising."""

from collections.abc import Awaitable, Callable, Mapping

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ledger.post_movement import (
    charge_cause,
    post_charge,
    post_dispute,
    post_refund,
    post_refund_failure,
)
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.delete_stray import delete_stray
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.payments.follow_dispute import follow_dispute
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.send_refund import follow_refund, send_refund
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import Drift, Repair
from totetaxi_core.reconciliation.refund_drifts import MADE
from totetaxi_core.unit_of_work import UnitOfWork


async def repair_drift(drift: Drift, ports: Ports, terms: Terms) -> None:
    """Do what the drift's repair says; again does no harm, as each act looks before it writes.

    Raises:
        DomainError: the use case refuses.
    """
    if drift.repair is not None:
        await REPAIRS[drift.repair](drift, ports, terms)


async def _settle(drift: Drift, ports: Ports, terms: Terms) -> None:
    if drift.intent_id is not None:
        await settle_intent(drift.intent_id, ports, terms)


async def _follow_refund(drift: Drift, ports: Ports, _terms: Terms) -> None:
    if drift.provider_refund_id is not None:
        await follow_refund(drift.provider_refund_id, ports)


async def _send_refund(drift: Drift, ports: Ports, _terms: Terms) -> None:
    if drift.refund_id is not None:
        await send_refund(drift.refund_id, ports)


async def _follow_dispute(drift: Drift, ports: Ports, _terms: Terms) -> None:
    if drift.stripe_dispute_id is not None:
        await follow_dispute(drift.stripe_dispute_id, ports)


async def _give_code_back(drift: Drift, ports: Ports, _terms: Terms) -> None:
    """Free the use, unless the booking was paid meanwhile, which uses the code up."""
    if drift.booking_id is None:
        return
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(drift.booking_id, lock=True)
        payments = await uow.payments.of_booking(booking.id)
        was_paid = any(each.status is PaymentStatus.SUCCEEDED for each in payments)
        if booking.status is BookingStatus.CANCELLED and not was_paid:
            await uow.discount_uses.give_back(booking.id)
            await uow.commit()


async def _post_entries(drift: Drift, ports: Ports, _terms: Terms) -> None:
    """Post every movement of the booking that the ledger does not have, each by its own cause."""
    if drift.booking_id is None:
        return
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(drift.booking_id, lock=True)
        await _post_movements(booking, uow, ports)
        await uow.commit()


async def _post_movements(booking: Booking, uow: UnitOfWork, ports: Ports) -> None:
    now, booking_id = ports.clock(), booking.id
    posted = {entry.cause for entry in await uow.ledger.of_booking(booking_id)}
    for payment in await uow.payments.of_booking(booking_id, lock=True):
        is_missing = charge_cause(payment.id) not in posted
        if is_missing and payment.status is PaymentStatus.SUCCEEDED:
            await post_charge(uow, booking, payment, ports.ids, at=now)
    for refund in await uow.refunds.of_booking(booking_id):
        if refund.status in MADE:
            await post_refund(uow, refund, ports.ids, at=now)
        elif refund.status is RefundStatus.FAILED:
            await post_refund_failure(uow, refund, ports.ids, at=now)
    for dispute in await uow.disputes.of_booking(booking_id):
        await post_dispute(uow, dispute, ports.ids, at=now)


async def _create_tasks(drift: Drift, ports: Ports, terms: Terms) -> None:
    if drift.booking_id is not None:
        await create_tasks(drift.booking_id, ports, terms, replaces_deleted=False)


async def _sync_task(drift: Drift, ports: Ports, terms: Terms) -> None:
    if drift.courier_task_id is not None:
        await sync_task(drift.courier_task_id, ports, terms)


async def _delete_task(drift: Drift, ports: Ports, terms: Terms) -> None:
    if drift.onfleet_task_id is not None:
        await delete_stray(drift.onfleet_task_id, ports, terms)


REPAIRS: Mapping[Repair, Callable[[Drift, Ports, Terms], Awaitable[None]]] = {
    Repair.SETTLE_INTENT: _settle,
    Repair.FOLLOW_REFUND: _follow_refund,
    Repair.SEND_REFUND: _send_refund,
    Repair.GIVE_CODE_BACK: _give_code_back,
    Repair.POST_ENTRIES: _post_entries,
    Repair.FOLLOW_DISPUTE: _follow_dispute,
    Repair.CREATE_TASKS: _create_tasks,
    Repair.SYNC_TASK: _sync_task,
    Repair.DELETE_TASK: _delete_task,
}
