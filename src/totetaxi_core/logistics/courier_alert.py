"""What staff are told of a drive, once for each task and reason; and what customers are."""

from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.staff_alert import DETAIL, REASON, AlertReason
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed


def owed_alert(
    ids: IdSource, reason: AlertReason, booking: Booking, task: CourierTask, *, at: datetime
) -> OwedEffect:
    """Return the message to staff, owed once for this task and reason."""
    told = owed_word(ids, MessageKind.STAFF_ALERT, booking, task, at=at)
    facts = {REASON: reason.value, DETAIL: task.leg.value}
    return replace(told, cause=f"{told.cause}:{reason}", payload={**told.payload, **facts})


def owed_word(
    ids: IdSource, kind: MessageKind, booking: Booking, task: CourierTask, *, at: datetime
) -> OwedEffect:
    """Return the message about the drive, owed once for this task."""
    return owed(
        ids,
        EffectKind.SEND_MESSAGE,
        f"courier_task:{task.id}:{kind}",
        at=at,
        payload={
            "message_kind": kind.value,
            "booking_id": str(booking.id),
            "courier_task_id": str(task.id),
        },
    )
