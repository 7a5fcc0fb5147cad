"""A message, as the file of a booking or a customer lists it."""

from datetime import datetime
from typing import Self

import attrs

from totetaxi_core.notifications.message import Message, MessageKind


@attrs.frozen(kw_only=True)
class MessageEntry:
    kind: MessageKind
    to: str
    subject: str
    created_at: datetime

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(
            kind=message.kind,
            to=message.to,
            subject=message.subject,
            created_at=message.created_at,
        )
