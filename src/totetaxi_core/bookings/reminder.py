"""The reminder of a pickup, which leaves the day before. Source: docs/messages.md, "Reminder"."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.outbox import Outbox
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect

REMINDED_AT: Final = time(16, 0)
PICKUP_AT: Final = "pickup_at"
REMINDERS: Final = UUID("f3f6d1b4-5a0c-4f57-8f0e-9a1f9f0c2b6d")


async def owe_reminder(outbox: Outbox, booking: Booking, *, zone: tzinfo, at: datetime) -> None:
    """Owe the reminder, once for each pickup of a booking; none whose hour has passed."""
    due_at = reminded_at(booking, zone=zone)
    if due_at < at:
        return
    pickup_at, kind = booking.pickup_at.isoformat(), MessageKind.REMINDER
    cause = f"{EffectKind.SEND_MESSAGE}:{booking.id}:{pickup_at}:{kind}"
    reminder = OwedEffect(
        id=uuid5(REMINDERS, cause),
        kind=EffectKind.SEND_MESSAGE,
        cause=cause,
        payload={"message_kind": kind, "booking_id": str(booking.id), PICKUP_AT: pickup_at},
        created_at=at,
        due_at=due_at,
    )
    await outbox.owe(reminder)


def reminded_at(booking: Booking, *, zone: tzinfo) -> datetime:
    """Return the UTC instant: 16:00 the day before the pickup, by the clock of `zone`."""
    day_before = booking.quote.request.pickup_date - timedelta(days=1)
    return datetime.combine(day_before, REMINDED_AT, tzinfo=zone).astimezone(UTC)


def is_still_to_remind(booking: Booking, pickup_at: datetime, *, at: datetime) -> bool:
    """Tell whether a reminder of that pickup helps: not once it has moved, ended or begun."""
    is_ahead = booking.pickup_at == pickup_at and at < pickup_at
    return is_ahead and booking.status is BookingStatus.CONFIRMED
