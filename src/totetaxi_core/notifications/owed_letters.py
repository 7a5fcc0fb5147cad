"""Writes every message that an effect owes, from what is so now."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.notifications.account_letter import ACCOUNT_LETTERS, write_account_letter
from totetaxi_core.notifications.booking_letter import write_letters
from totetaxi_core.notifications.house_letter import HOUSE_LETTERS, write_house_letter
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork


async def owed_letters(
    kind: MessageKind, effect: OwedEffect, terms: Terms, uow: UnitOfWork, *, now: datetime
) -> tuple[Letter, ...]:
    """Return them, at most one a channel; none where nobody waits for it any more.

    Raises:
        BookingNotFoundError: its booking is gone.
    """
    if kind in ACCOUNT_LETTERS:
        letter = await write_account_letter(kind, effect, terms, uow)
        return () if letter is None else (letter,)
    if kind in HOUSE_LETTERS:
        return (write_house_letter(kind, effect.payload, terms),)
    return write_letters(kind, await _occasion(effect, uow, now=now), terms)


async def _occasion(effect: OwedEffect, uow: UnitOfWork, *, now: datetime) -> Occasion:
    facts = effect.payload
    booking = await uow.bookings.get(UUID(facts["booking_id"]), lock=True)
    disputed = facts.get("stripe_dispute_id")
    return Occasion(
        booking=booking,
        now=now,
        facts=facts,
        refund=await _refund(effect, uow),
        dispute=await uow.disputes.find(disputed) if disputed else None,
        task=await _task(effect, uow),
        account=await uow.customers.get(booking.customer_id) if booking.customer_id else None,
    )


async def _refund(effect: OwedEffect, uow: UnitOfWork) -> Refund | None:
    refund_id = effect.payload.get("refund_id")
    refund = await uow.refunds.get(UUID(refund_id)) if refund_id else None
    if refund is not None and "refund_cents" in effect.payload:
        # It goes back by several refunds, one a payment: the letter tells of them together.
        refund = replace(refund, amount_cents=int(effect.payload["refund_cents"]))
    return refund


async def _task(effect: OwedEffect, uow: UnitOfWork) -> CourierTask | None:
    task_id = effect.payload.get("courier_task_id")
    return await uow.courier_tasks.get(UUID(task_id)) if task_id else None
