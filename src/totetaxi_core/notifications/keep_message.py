"""Keep a message in the database, where staff and the sandbox page read it."""

from uuid import UUID

from totetaxi_core.notifications.house_letter import HOUSE_LETTERS, write_house_letter
from totetaxi_core.notifications.letter import Letter, write_letter
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork


async def keep_message(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    """Write and keep the message an effect owes, once however often it is asked.

    Raises:
        BookingNotFoundError: its booking is gone.
    """
    kind = MessageKind(effect.payload["message_kind"])
    booking_id = effect.payload.get("booking_id")
    async with ports.unit_of_work() as uow:
        letter = await _letter(kind, effect, terms, uow)
        await uow.messages.add(
            Message(
                id=effect.id,
                booking_id=UUID(booking_id) if booking_id else None,
                kind=kind,
                to=letter.to,
                subject=letter.subject,
                text=letter.text,
                created_at=ports.clock(),
            )
        )
        await uow.commit()


async def _letter(kind: MessageKind, effect: OwedEffect, terms: Terms, uow: UnitOfWork) -> Letter:
    if kind in HOUSE_LETTERS:
        return write_house_letter(kind, effect.payload, terms)
    booking = await uow.bookings.get(UUID(effect.payload["booking_id"]))
    refund_id = effect.payload.get("refund_id")
    refund = await uow.refunds.get(UUID(refund_id)) if refund_id else None
    disputed = effect.payload.get("stripe_dispute_id")
    dispute = await uow.disputes.find(disputed) if disputed else None
    return write_letter(kind, booking, terms, refund=refund, dispute=dispute)
