"""The mail that asks for the difference to another slot."""

from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Terms


def owed_difference_link(
    ids: IdSource, booking: Booking, reschedule: Reschedule, terms: Terms, *, at: datetime
) -> OwedEffect:
    """Return the mail, owed once for each reschedule."""
    message = owed_message(ids, MessageKind.RESCHEDULE_PAYMENT_LINK, booking, at=at)
    until = reschedule.expires_at.astimezone(terms.zone)
    request = reschedule.quote.request
    on = request.pickup_date
    facts = {
        "difference_cents": str(reschedule.difference_cents),
        "new_time": f"{on:%A, %B} {on.day} at {request.pickup_time:%H:%M}",
        "until": f"{until:%H:%M} on {until:%B} {until.day}",
    }
    cause = f"{message.cause}:{reschedule.id}"
    return replace(message, cause=cause, payload={**message.payload, **facts})
