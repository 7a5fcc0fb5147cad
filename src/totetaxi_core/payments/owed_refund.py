"""What a refund makes us owe: an approved one its sending, one that went wrong a word to staff."""

from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.refund import Refund


def owed_refund(refund: Refund, ids: IdSource, *, at: datetime) -> OwedEffect:
    """Return the effect that sends it, owed once a refund."""
    return owed(
        ids, EffectKind.SEND_REFUND, str(refund.id), at=at, payload={"refund_id": str(refund.id)}
    )


async def owe_refund_alert(refund: Refund, booking: Booking, outbox: Outbox, ids: IdSource) -> None:
    """Tell staff how the refund stands, once for each status."""
    alert = owed_message(ids, MessageKind.STAFF_ALERT, booking, at=refund.updated_at)
    await outbox.owe(
        replace(
            alert,
            cause=f"{alert.cause}:{refund.status}:{refund.id}",
            payload={**alert.payload, "refund_id": str(refund.id)},
        )
    )
