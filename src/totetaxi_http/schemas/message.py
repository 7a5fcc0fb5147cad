"""A message as staff see it: with a mark wherever its addressee got a token."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.notifications.message import Channel, Message, MessageKind, MessageState

MESSAGE_ID: Mapping[str, str] = {"message_id": "5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03"}


@attrs.frozen(kw_only=True)
class MessageResponse:
    """`sent_at` is when it was taken to be delivered; `provider_id` is by what name.

    `state` `unknown` means that it may have been sent. An SMS has no subject.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": MESSAGE_ID["message_id"],
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "kind": "booking_confirmed",
        "channel": "email",
        "state": "sent",
        "to": "ada@example.com",
        "subject": "Confirmed: TT-7K3M9QXA on Tuesday, December 1 at 09:30",
        "provider_id": "0100018f3c5a7b21-4d1e9a64-000000",
        "last_error": None,
        "created_at": "2026-11-25T15:04:11Z",
        "sent_at": "2026-11-25T15:04:12Z",
    }

    id: UUID
    booking_id: UUID | None
    kind: MessageKind
    channel: Channel
    state: MessageState
    to: str
    subject: str
    provider_id: str | None
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None

    @classmethod
    def from_message(cls, message: Message) -> Self:
        return cls(
            id=message.id,
            booking_id=message.booking_id,
            kind=message.kind,
            channel=message.channel,
            state=message.state,
            to=message.to,
            subject=message.subject,
            provider_id=message.provider_id,
            last_error=message.last_error,
            created_at=message.created_at,
            sent_at=message.sent_at,
        )


@attrs.frozen(kw_only=True)
class MessageTextResponse:
    """A message and its text, as it is kept."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": MessageResponse.EXAMPLE,
        "text": "Dear Ada,\n\nYour mini move is confirmed …\n/manage?manage_token={manage_token}",
        "has_calendar_entry": True,
    }

    message: MessageResponse
    text: str
    has_calendar_entry: bool

    @classmethod
    def from_message(cls, message: Message) -> Self:
        return cls(
            message=MessageResponse.from_message(message),
            text=message.text,
            has_calendar_entry=message.calendar is not None,
        )
