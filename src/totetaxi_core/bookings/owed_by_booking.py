"""What a change of a booking makes us owe."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.reminder import owe_reminder
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
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
    outbox: Outbox, ids: IdSource, booking: Booking, *, zone: tzinfo, at: datetime
) -> None:
    """Owe what a confirmed booking is due: courier tasks, the mail, and a receipt if it paid.

    `zone` is the business's own: a reminder leaves the day before, by its clock.
    """
    await outbox.owe(_courier_tasks(EffectKind.CREATE_COURIER_TASKS, ids, booking, at=at))
    await outbox.owe(owed_message(ids, MessageKind.BOOKING_CONFIRMED, booking, at=at))
    if booking.total_cents:
        await outbox.owe(owed_message(ids, MessageKind.RECEIPT, booking, at=at))
    await owe_reminder(outbox, booking, zone=zone, at=at)


async def owe_cancellation(
    outbox: Outbox,
    ids: IdSource,
    booking: Booking,
    *,
    refunds: Sequence[Refund],
    cash_cents: int = 0,
    at: datetime,
) -> None:
    """Owe what a cancelled booking is due once it was confirmed: no courier, and the mail.

    Staff are told of cash that they must hand back.
    """
    await outbox.owe(_courier_tasks(EffectKind.CANCEL_COURIER_TASKS, ids, booking, at=at))
    facts: dict[str, str] = {}
    if refunds:
        facts["refund_id"] = str(refunds[0].id)
        facts["refund_cents"] = str(sum(each.amount_cents for each in refunds))
    if cash_cents:
        facts["cash_cents"] = str(cash_cents)
        await outbox.owe(_told(ids, MessageKind.STAFF_ALERT, booking, facts, at=at))
    await outbox.owe(_told(ids, MessageKind.BOOKING_CANCELLED, booking, facts, at=at))


async def owe_completion(
    outbox: Outbox, ids: IdSource, booking: Booking, tasks: Iterable[CourierTask], *, at: datetime
) -> None:
    """Owe that its courier tasks that still wait are called off: it was done without them."""
    if any(task.is_waiting for task in tasks):
        await outbox.owe(_courier_tasks(EffectKind.CANCEL_COURIER_TASKS, ids, booking, at=at))


async def owe_reschedule(
    outbox: Outbox,
    ids: IdSource,
    booking: Booking,
    *,
    zone: tzinfo,
    paid_cents: int = 0,
    refund_cents: int = 0,
    cash_cents: int = 0,
    at: datetime,
) -> None:
    """Owe what a moved booking is due: the mail; once confirmed, also its courier's new time.

    The mail tells what was paid for it, or goes back; staff are told of cash to hand back.
    """
    facts = {"paid_cents": str(paid_cents), "refund_cents": str(refund_cents)}
    if cash_cents:
        facts["cash_cents"] = str(cash_cents)
        await outbox.owe(_told(ids, MessageKind.STAFF_ALERT, booking, facts, at=at))
    await outbox.owe(_told(ids, MessageKind.BOOKING_RESCHEDULED, booking, facts, at=at))
    if booking.status is BookingStatus.CONFIRMED:
        tasks = _courier_tasks(EffectKind.RESCHEDULE_COURIER_TASKS, ids, booking, at=at)
        await outbox.owe(replace(tasks, cause=f"{tasks.cause}:{booking.version}"))
        await owe_reminder(outbox, booking, zone=zone, at=at)


def _told(
    ids: IdSource, kind: MessageKind, booking: Booking, facts: Mapping[str, str], *, at: datetime
) -> OwedEffect:
    message = owed_message(ids, kind, booking, at=at)
    return replace(message, payload={**message.payload, **facts})


def _courier_tasks(
    kind: EffectKind, ids: IdSource, booking: Booking, *, at: datetime
) -> OwedEffect:
    return owed(
        ids,
        kind,
        str(booking.id),
        at=at,
        payload={"booking_id": str(booking.id)},
    )
