"""Keep a message in the database, where staff and the sandbox page read it."""

from dataclasses import replace
from uuid import UUID

from totetaxi_core.notifications.account_letter import ACCOUNT_LETTERS, write_account_letter
from totetaxi_core.notifications.house_letter import HOUSE_LETTERS, write_house_letter
from totetaxi_core.notifications.letter import Letter, write_letter
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.notifications.reschedule_letter import (
    RESCHEDULE_LETTERS,
    write_reschedule_letter,
)
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork


async def keep_message(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    """Write and keep the message an effect owes, once however often it is asked.

    None is kept about an account, or a request for one, that is gone meanwhile, nor for whoever
    deleted theirs: what a letter is made from is locked, so that a deletion finds it kept or not.

    Raises:
        BookingNotFoundError: its booking is gone.
    """
    kind = MessageKind(effect.payload["message_kind"])
    booking_id = effect.payload.get("booking_id")
    async with ports.unit_of_work() as uow:
        letter = await _letter(kind, effect, terms, uow)
        if letter is None or not letter.to:
            return
        await uow.messages.add(
            Message(
                id=effect.id,
                booking_id=UUID(booking_id) if booking_id else None,
                kind=kind,
                to=letter.to,
                subject=letter.subject,
                text=letter.text,
                created_at=ports.clock(),
                token_id=letter.token_id,
            )
        )
        await uow.commit()


async def _letter(
    kind: MessageKind, effect: OwedEffect, terms: Terms, uow: UnitOfWork
) -> Letter | None:
    if kind in ACCOUNT_LETTERS:
        return await write_account_letter(kind, effect, terms, uow)
    if kind in HOUSE_LETTERS:
        return write_house_letter(kind, effect.payload, terms)
    booking = await uow.bookings.get(UUID(effect.payload["booking_id"]), lock=True)
    if kind in RESCHEDULE_LETTERS:
        return write_reschedule_letter(kind, booking, effect.payload, terms)
    refund_id = effect.payload.get("refund_id")
    refund = await uow.refunds.get(UUID(refund_id)) if refund_id else None
    if refund is not None and "refund_cents" in effect.payload:
        # It goes back by several refunds, one a payment: the letter tells of them together.
        refund = replace(refund, amount_cents=int(effect.payload["refund_cents"]))
    disputed = effect.payload.get("stripe_dispute_id")
    dispute = await uow.disputes.find(disputed) if disputed else None
    cash_cents = int(effect.payload.get("cash_cents", "0"))
    return write_letter(kind, booking, terms, refund=refund, dispute=dispute, cash_cents=cash_cents)
