"""Whoever carries messages, at the end of a bad line."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Final
from uuid import UUID

from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.faults import Faults
from totetaxi_core.notifications.message import Message
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)
from totetaxi_core.refusal import DomainError

Failure = Callable[[], DomainError]

BEFORE: Final[tuple[Failure, ...]] = (
    lambda: MessageNotSentError("the mailbox is full"),
    lambda: MessageNotSentError("the mailbox is full"),
    lambda: MessageRefusedError("nobody lives there"),
    lambda: MessageOutcomeUnknownError("the line broke before"),
)
MOMENTS: Final = 6  # as many failures as are before it goes, and two after


class MessageLine:
    """Counts what went. Others go on before it takes a message, and again before it says so.

    Now and then it takes none, refuses one for good, or says nothing, whether it went or not:
    those are `troubled`. `taken` are messages by the id it gave them.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.sent: Counter[UUID] = Counter()
        self.taken: dict[str, UUID] = {}
        self.troubled: dict[UUID, None] = {}
        self._news: dict[UUID, None] = {}

    async def send(self, message: Message) -> str:
        """Take the message.

        Raises:
            MessageNotSentError, MessageRefusedError: it did not go.
            MessageOutcomeUnknownError: nobody knows.
        """
        await asyncio.sleep(0)
        moment = None if self._faults.is_carried() else self._faults.chance.randrange(MOMENTS)
        if moment is not None and moment < len(BEFORE):
            failure = nth(moment, BEFORE)
            self.troubled[message.id] = None
            raise failure()
        self.sent[message.id] += 1
        self._news[message.id] = None
        provider_id = f"{message.id}/{self.sent[message.id]}"
        self.taken[provider_id] = message.id
        await asyncio.sleep(0)
        if moment is not None:
            self.troubled[message.id] = None
            raise MessageOutcomeUnknownError("the line broke after")
        return provider_id

    def take_news(self) -> tuple[UUID, ...]:
        """Return which messages went since it was asked last."""
        news = tuple(self._news)
        self._news.clear()
        return news
