"""What a change of a booking makes us owe."""

from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.owing import owed


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
    tasks = owed(
        ids,
        EffectKind.CREATE_COURIER_TASKS,
        str(booking.id),
        at=at,
        payload={"booking_id": str(booking.id)},
        state=EffectState.WAITING,  # the dispatcher takes these up once it exists
    )
    await outbox.owe(tasks)
    await outbox.owe(owed_message(ids, MessageKind.BOOKING_CONFIRMED, booking, at=at))
    if booking.total_cents:
        await outbox.owe(owed_message(ids, MessageKind.RECEIPT, booking, at=at))
