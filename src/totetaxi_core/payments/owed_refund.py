"""What a refund makes us owe: an approved one its sending, its end a word to whom it concerns."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.unit_of_work import UnitOfWork

REFUND_NEWS: Final = {
    RefundStatus.SUCCEEDED: MessageKind.REFUND_SENT,
    RefundStatus.FAILED: MessageKind.REFUND_FAILED,
}


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


async def owe_refund_news(refund: Refund, booking: Booking, uow: UnitOfWork, ids: IdSource) -> None:
    """Tell the customer that it has left us or did not go through, each once a refund.

    Whoever disputes the payment hears of no failure: their bank has the money, not we.
    """
    kind = REFUND_NEWS.get(refund.status)
    disputed = kind is MessageKind.REFUND_FAILED and await uow.disputes.of_booking(booking.id)
    if kind is None or disputed:
        return
    news = owed_message(ids, kind, booking, at=refund.updated_at)
    payload = {**news.payload, "refund_id": str(refund.id)}
    cause = f"{EffectKind.SEND_MESSAGE}:{refund.id}:{kind}"
    await uow.outbox.owe(replace(news, cause=cause, payload=payload))
