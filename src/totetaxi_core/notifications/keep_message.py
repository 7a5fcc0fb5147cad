"""Write the messages an effect owes, and owe that they leave where something can send them."""

from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.bookings.reminder import PICKUP_AT
from totetaxi_core.notifications.deliver_message import owed_delivery, transport_of
from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import Channel, Message, MessageKind, MessageState
from totetaxi_core.notifications.owed_letters import owed_letters
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork

CHANNELS: Final = UUID("5f0f3c83-0d1e-4a7e-8a55-6a7b1f3c2e90")


async def keep_message(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    """Write and keep the messages an effect owes, once however often it is asked.

    None is kept about an account, or a request for one, that is gone meanwhile, nor for whoever
    deleted theirs: what a letter is made from is locked, so that a deletion finds it kept or not.

    Raises:
        BookingNotFoundError: its booking is gone.
    """
    kind = MessageKind(effect.payload["message_kind"])
    async with ports.unit_of_work() as uow:
        for letter in await owed_letters(kind, effect, terms, uow, now=ports.clock()):
            if letter.to:
                message = _message(letter, kind, effect, ports)
                await _keep(message, effect, uow, ports)
        await uow.commit()


def _message(letter: Letter, kind: MessageKind, effect: OwedEffect, ports: Ports) -> Message:
    booking_id = effect.payload.get("booking_id")
    can_leave = transport_of(letter.channel, ports) is not None
    return Message(
        id=message_id_of(effect, letter.channel),
        booking_id=UUID(booking_id) if booking_id else None,
        kind=kind,
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        created_at=ports.clock(),
        token_id=letter.token_id,
        channel=letter.channel,
        state=MessageState.QUEUED if can_leave else MessageState.KEPT,
        calendar=letter.calendar,
    )


def message_id_of(effect: OwedEffect, channel: Channel) -> UUID:
    """Return the id of what an effect sends on a channel: of a mail, the effect's own."""
    return effect.id if channel is Channel.EMAIL else uuid5(CHANNELS, f"{effect.id}:{channel}")


async def _keep(message: Message, effect: OwedEffect, uow: UnitOfWork, ports: Ports) -> None:
    is_new = await uow.messages.add(message)
    if is_new and message.state is MessageState.QUEUED:
        pickup_at = effect.payload.get(PICKUP_AT)
        delivery = owed_delivery(
            message.id, channel=message.channel, at=ports.clock(), pickup_at=pickup_at
        )
        await uow.outbox.owe(delivery)
