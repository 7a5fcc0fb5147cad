"""What those who carry a message tell of it afterwards: by callback, late, twice, out of order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from totetaxi_core.notifications.deliver_message import remember_refusal
from totetaxi_core.notifications.message import Message, MessageState
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork


class NewsSignatureError(DomainError):
    """It does not come from whom it says: nothing was done."""

    code = "invalid_signature"


class NewsUnverifiedError(DomainError):
    """Whether it comes from whom it says cannot be found out just now: tell us again later."""

    code = "carrier_unavailable"


class Fate(StrEnum):
    """How far a message has got with those who carry it."""

    LEFT = "left"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryNews:
    """`message_id` is ours, None where only the carrier's `provider_id` is told.

    `addresses`, in small letters, are whom the carrier names; none where it names nobody.
    """

    message_id: UUID | None
    provider_id: str
    fate: Fate
    reason: str
    address_is_bad: bool = False
    addresses: frozenset[str] = frozenset()

    def condemns(self, address: str) -> bool:
        """Tell whether nothing is to go to a message's address any more.

        A single one that is named is the addressee's, whatever their own server calls them; of
        several only those that were written to.
        """
        is_meant = len(self.addresses) <= 1 or address.lower() in self.addresses
        return self.address_is_bad and is_meant


# Only ever upward: what comes late or twice changes nothing. A mail may bounce after it arrived.
RANKS: Final = {
    MessageState.SENDING: 0,
    MessageState.UNKNOWN: 0,
    MessageState.SENT: 1,
    MessageState.DELIVERED: 2,
    MessageState.REFUSED: 3,
}
REACHED: Final = {
    Fate.LEFT: MessageState.SENT,
    Fate.ARRIVED: MessageState.DELIVERED,
    Fate.FAILED: MessageState.REFUSED,
}


async def take_delivery_news(news: DeliveryNews, ports: Ports) -> bool:
    """Take in what became of a message; False when that is not ours, or known already.

    It also tells that a message went whose answer was lost.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        message = await _message(news, uow)
        if message is None or RANKS.get(message.state, 99) >= RANKS[REACHED[news.fate]]:
            return False
        moved = _moved(message, news, at=now)
        await uow.messages.save(moved)
        if news.condemns(moved.to):
            await remember_refusal(moved, uow, at=now)
        await uow.commit()
    return True


async def _message(news: DeliveryNews, uow: UnitOfWork) -> Message | None:
    """Return the message, locked; None where it went again meanwhile, under another id."""
    message_id = news.message_id
    if message_id is None:
        taken = await uow.messages.find_taken(news.provider_id)
        message_id = None if taken is None else taken.id
    if message_id is None:
        return None
    message = await uow.messages.find(message_id, lock=True)
    if message is None or message.provider_id not in (None, news.provider_id):
        return None
    return message


def _moved(message: Message, news: DeliveryNews, *, at: datetime) -> Message:
    if news.fate is Fate.FAILED:
        moved = message.refuse(news.reason)
    elif news.fate is Fate.ARRIVED:
        moved = message.arrive(at=at)
    else:
        moved = message.taken(news.provider_id, at=at)
    return moved.known_as(news.provider_id)
