"""The letter to whoever becomes a VIP."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.customers.owed_letter import ABOUT
from totetaxi_core.customers.totals import BookingSpend
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect

VIPS: Final = UUID("0b5f6a0e-6f0b-4a39-9a34-6f4b0b6d1c57")


def owed_vip_letter(customer_id: UUID, spends: Sequence[BookingSpend]) -> OwedEffect:
    """Return the effect, owed once each time an account becomes one.

    The last money that counts made it one. It says when, and tells this time from any other: who
    is none any more has got money back since.
    """
    at = max(movement.posted_at for spend in spends for movement in spend.movements)
    kind = MessageKind.VIP_STATUS
    cause = f"{EffectKind.SEND_MESSAGE}:{kind}:{customer_id}:{at.isoformat()}"
    return OwedEffect(
        id=uuid5(VIPS, cause),
        kind=EffectKind.SEND_MESSAGE,
        cause=cause,
        payload={"message_kind": kind, ABOUT: str(customer_id)},
        created_at=at,
        due_at=at,
    )
