"""An address that refuses what we send, as staff see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.notifications.message import Channel
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_http.schemas.message import MESSAGE_ID

REFUSED_ADDRESS_ID: Mapping[str, str] = {"refused_address_id": MESSAGE_ID["message_id"]}


@attrs.frozen(kw_only=True)
class RefusedAddressResponse:
    """`id` is that of the message that was refused, `booking_id` the booking it was about."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": MESSAGE_ID["message_id"],
        "channel": "email",
        "address": "ada@example.com",
        "reason": "550 5.1.1 no such user",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "refused_at": "2026-11-25T15:04:12Z",
    }

    id: UUID
    channel: Channel
    address: str
    reason: str
    booking_id: UUID | None
    refused_at: datetime

    @classmethod
    def from_refused(cls, refused: RefusedAddress) -> Self:
        return cls(
            id=refused.id,
            channel=refused.channel,
            address=refused.address,
            reason=refused.reason,
            booking_id=refused.booking_id,
            refused_at=refused.refused_at,
        )
