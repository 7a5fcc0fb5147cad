"""Send a message, at most once: whoever may have it already is not sent it again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.bookings.reminder import PICKUP_AT, is_still_to_remind
from totetaxi_core.notifications.message import Channel, Message, MessageKind, MessageState
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
    MessageTransport,
)
from totetaxi_core.outbox.owed_effect import CHANNEL, EffectKind, OwedEffect
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork

DELIVERIES: Final = UUID("0b6a8a40-6a0e-4d0b-8f5f-6f2f7d0e9c11")
# Of no use any more so long after it was written; a message of any other kind always is.
USEFUL_FOR: Final[Mapping[MessageKind, timedelta]] = {
    MessageKind.REMINDER: timedelta(hours=14),
    MessageKind.DRIVER_ON_THE_WAY: timedelta(hours=2),
}
STOPPED: Final = "whoever was sending it stopped: it may have been sent"


def transport_of(channel: Channel, ports: Ports) -> MessageTransport | None:
    """Return what sends on this channel; None where messages stay in the database."""
    return ports.mail if channel is Channel.EMAIL else ports.texts


def owed_delivery(
    message_id: UUID,
    *,
    channel: Channel,
    at: datetime,
    again: str = "",
    pickup_at: str | None = None,
) -> OwedEffect:
    """Return the effect that sends the message; `again` tells each further time from the first.

    Its id is drawn from its cause, so that whoever owed it can find it. With a pickup, an instant
    as ISO 8601, it sends nothing once that has moved, ended or begun.
    """
    kind = EffectKind.DELIVER_MESSAGE
    cause = f"{kind}:{message_id}{again and f':{again}'}"
    return OwedEffect(
        id=uuid5(DELIVERIES, cause),
        kind=kind,
        cause=cause,
        payload={"message_id": str(message_id), CHANNEL: channel}
        | ({PICKUP_AT: pickup_at} if pickup_at else {}),
        created_at=at,
        due_at=at,
    )


async def deliver_message(effect: OwedEffect, ports: Ports, terms: Terms) -> None:
    """Send the message that the effect names, unless it went before, is refused, or is gone.

    That it is being sent is committed first: found so later, nobody knows whether it went.

    Raises:
        MessageNotSentError: not sent; it is queued again, and says why.
    """
    message = await _begin(effect, ports)
    if message is None:
        return
    transport = transport_of(message.channel, ports)
    if transport is None:
        why = f"nothing that sends {message.channel} is named in the settings any more"
        await _end(message.wait(why), ports)
        raise MessageNotSentError(why)
    try:
        text = text_with_tokens(message, terms)
        provider_id = await transport.send(replace(message, text=text))
    except MessageNotSentError as error:
        await _end(message.wait(str(error)), ports)
        # Not the provider's own words, which may hold an address: the message keeps those.
        raise MessageNotSentError(f"message {message.id} is queued: it says why") from None
    except MessageRefusedError as error:
        await _end(message.refuse(str(error)), ports, address_is_bad=error.address_is_bad)
    except MessageOutcomeUnknownError as error:
        await _end(message.lose(str(error)), ports)
    except Exception as error:
        await _end(message.lose(f"{type(error).__name__}: it may have been sent"), ports)
        raise
    else:
        await _end(message.taken(provider_id, at=ports.clock()), ports)


async def _begin(effect: OwedEffect, ports: Ports) -> Message | None:
    """Return the message, stored as being sent; None when it is not to be sent, now or ever."""
    async with ports.unit_of_work() as uow:
        message = await uow.messages.find(UUID(effect.payload["message_id"]), lock=True)
        if message is None or message.state not in (MessageState.QUEUED, MessageState.SENDING):
            return None
        if message.state is MessageState.SENDING:
            begun = message.lose(STOPPED)
        else:
            begun = await _unless_in_vain(message, effect, uow, at=ports.clock())
        await uow.messages.save(begun)
        await uow.commit()
    return begun if begun.state is MessageState.SENDING else None


async def _unless_in_vain(
    message: Message, effect: OwedEffect, uow: UnitOfWork, *, at: datetime
) -> Message:
    useful_for = USEFUL_FOR.get(message.kind)
    if useful_for is not None and message.created_at + useful_for < at:
        return message.drop("too late to be of use")
    if not await _is_pickup_ahead(message, effect, uow, at=at):
        return message.drop("its pickup has moved, ended or begun since")
    refused = await uow.refused_addresses.find(message.channel, message.to)
    if refused is not None:
        return message.refuse(f"the address has refused before: {refused.reason}")
    return message.begin_sending()


async def _is_pickup_ahead(
    message: Message, effect: OwedEffect, uow: UnitOfWork, *, at: datetime
) -> bool:
    """Tell whether the pickup a message is about is ahead; it is where none is named."""
    pickup_at = effect.payload.get(PICKUP_AT)
    if pickup_at is None or message.booking_id is None:
        return True
    booking = await uow.bookings.get(message.booking_id)
    return is_still_to_remind(booking, datetime.fromisoformat(pickup_at), at=at)


async def _end(moved: Message, ports: Ports, *, address_is_bad: bool = False) -> None:
    """Store how it went, unless the message is gone, or its provider has told more meanwhile."""
    async with ports.unit_of_work() as uow:
        present = await uow.messages.find(moved.id, lock=True)
        if present is None or not _is_news(present, moved):
            return
        await uow.messages.save(moved)
        if address_is_bad:
            await remember_refusal(moved, uow, at=ports.clock())
        await uow.commit()


def _is_news(present: Message, moved: Message) -> bool:
    """Tell whether to believe us: also when all took longer than the lease, and was given up."""
    if present.state is MessageState.SENDING:
        return True
    return present.state is MessageState.UNKNOWN and moved.state is not MessageState.QUEUED


async def remember_refusal(message: Message, uow: UnitOfWork, *, at: datetime) -> None:
    """Let nothing go to the message's address any more."""
    await uow.refused_addresses.add(
        RefusedAddress(
            id=message.id,
            channel=message.channel,
            address=message.to,
            reason=message.last_error or "",
            booking_id=message.booking_id,
            refused_at=at,
        )
    )
