"""Writes what is said about a booking: a mail, a text message beside it, or neither."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Final

from totetaxi_core.bookings.reminder import PICKUP_AT, is_still_to_remind
from totetaxi_core.notifications.booking_calendar import calendar_of
from totetaxi_core.notifications.day_letter import DAY_LETTERS, DAY_TEXTS, text_message
from totetaxi_core.notifications.letter import Draft, Letter, letter_to, letter_to_staff
from totetaxi_core.notifications.message import Channel, MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.order_letter import ORDER_LETTERS
from totetaxi_core.notifications.preferences import text_number, wants_mail
from totetaxi_core.notifications.refund_letter import REFUND_LETTERS
from totetaxi_core.notifications.reschedule_letter import RESCHEDULE_LETTERS
from totetaxi_core.notifications.staff_alert import STAFF_ALERTS
from totetaxi_core.ports import Terms

BOOKING_LETTERS: Final[dict[MessageKind, Callable[[Occasion, Terms], Draft]]] = {
    **ORDER_LETTERS,
    **REFUND_LETTERS,
    **RESCHEDULE_LETTERS,
    **DAY_LETTERS,
    **STAFF_ALERTS,
}
AWAKE_FROM: Final = time(8, 0)
AWAKE_UNTIL: Final = time(21, 0)


def write_letters(kind: MessageKind, occasion: Occasion, terms: Terms) -> tuple[Letter, ...]:
    """Write whatever of this kind is still of use, to whoever wants it: none, one or two."""
    if _is_stale(kind, occasion):
        return ()
    return tuple(letter for letter in _letters(kind, occasion, terms) if letter.to)


def write_letter(kind: MessageKind, occasion: Occasion, terms: Terms) -> Letter:
    """Write the mail of this kind, whether or not it is wanted or of use."""
    draft = BOOKING_LETTERS[kind](occasion, terms)
    if kind in STAFF_ALERTS:
        return letter_to_staff(draft, terms)
    calendar = calendar_of(kind, occasion, terms)
    return letter_to(occasion.booking.contact, draft, terms, calendar=calendar)


def write_text(kind: MessageKind, occasion: Occasion, terms: Terms) -> Letter:
    """Write the text message of this kind, to nobody if nobody asked for it."""
    to, said = text_number(occasion.account), text_message(kind, occasion, terms)
    return Letter(to=to, subject="", text=said, channel=Channel.SMS)


def _letters(kind: MessageKind, occasion: Occasion, terms: Terms) -> Iterator[Letter]:
    if wants_mail(kind, occasion.account):
        yield write_letter(kind, occasion, terms)
    if kind in DAY_TEXTS and _may_ring(kind, occasion, terms):
        yield write_text(kind, occasion, terms)


def _is_stale(kind: MessageKind, occasion: Occasion) -> bool:
    """Tell whether the moment has passed: the booking moved or ended, or the driver is there."""
    if kind is MessageKind.REMINDER:
        pickup_at = datetime.fromisoformat(occasion.facts[PICKUP_AT])
        return not is_still_to_remind(occasion.booking, pickup_at, at=occasion.now)
    if kind is MessageKind.DRIVER_ON_THE_WAY:
        return occasion.task is not None and occasion.task.is_final
    return False


def _may_ring(kind: MessageKind, occasion: Occasion, terms: Terms) -> bool:
    """Tell whether a telephone may ring: a late reminder wakes nobody."""
    local = occasion.now.astimezone(terms.zone).time()
    return kind is not MessageKind.REMINDER or AWAKE_FROM <= local < AWAKE_UNTIL
