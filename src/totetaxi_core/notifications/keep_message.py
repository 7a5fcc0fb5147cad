"""Keep a message in the database, where staff and the sandbox page read it."""

from uuid import UUID

from totetaxi_core.notifications.letter import write_letter
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports, Terms


async def keep_message(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    """Write and keep the message an effect owes, once however often it is asked.

    Raises:
        BookingNotFoundError: its booking is gone.
    """
    kind = MessageKind(effect.payload["message_kind"])
    refund_id = effect.payload.get("refund_id")
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(UUID(effect.payload["booking_id"]))
        refund = await uow.refunds.get(UUID(refund_id)) if refund_id else None
        letter = write_letter(kind, booking, terms, refund=refund)
        await uow.messages.add(
            Message(
                id=effect.id,
                booking_id=booking.id,
                kind=kind,
                to=letter.to,
                subject=letter.subject,
                text=letter.text,
                created_at=ports.clock(),
            )
        )
        await uow.commit()
