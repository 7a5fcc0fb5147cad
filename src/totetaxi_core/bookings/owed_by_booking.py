"""What a change of a booking makes us owe."""

from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.refund import Refund


def owed_message(ids: IdSource, kind: MessageKind, booking: Booking, *, at: datetime) -> OwedEffect:
    """Return a message owed once for each state of the booking."""
    return owed(
        ids,
        EffectKind.SEND_MESSAGE,
        f"{booking.id}:{booking.version}:{kind}",
        at=at,
        payload={"message_kind": kind, "booking_id": str(booking.id)},
    )


async def owe_confirmation(
    outbox: Outbox, ids: IdSource, booking: Booking, *, at: datetime
) -> None:
    """Owe what a confirmed booking is due: courier tasks, the mail, and a receipt if it paid."""
    await outbox.owe(_courier_tasks(EffectKind.CREATE_COURIER_TASKS, ids, booking, at=at))
    await outbox.owe(owed_message(ids, MessageKind.BOOKING_CONFIRMED, booking, at=at))
    if booking.total_cents:
        await outbox.owe(owed_message(ids, MessageKind.RECEIPT, booking, at=at))


async def owe_cancellation(
    outbox: Outbox, ids: IdSource, booking: Booking, *, refund: Refund | None, at: datetime
) -> None:
    """Owe what a cancelled booking is due once it was confirmed: no courier, and the mail."""
    await outbox.owe(_courier_tasks(EffectKind.CANCEL_COURIER_TASKS, ids, booking, at=at))
    message = owed_message(ids, MessageKind.BOOKING_CANCELLED, booking, at=at)
    if refund is not None:
        payload = {**message.payload, "refund_id": str(refund.id)}
        message = replace(message, payload=payload)
    await outbox.owe(message)


def _courier_tasks(
    kind: EffectKind, ids: IdSource, booking: Booking, *, at: datetime
) -> OwedEffect:
    return owed(
        ids,
        kind,
        str(booking.id),
        at=at,
        payload={"booking_id": str(booking.id)},
        state=EffectState.WAITING,  # the dispatcher takes these up once it exists
    )
