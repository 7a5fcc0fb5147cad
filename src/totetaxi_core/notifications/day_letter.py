"""Letters of the day of a move, and of the day before; each has a text message beside it."""

import unicodedata
from collections.abc import Callable

from totetaxi_core.logistics.courier_task import CourierTask, Leg
from totetaxi_core.notifications.letter import Draft
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import manage_link, moment_words, phone, pickup_words
from totetaxi_core.ports import Terms


def _reminder(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    body = (
        f"We call on {pickup_words(booking)} at {booking.pickup_address.formatted}. Please have "
        "everything ready, and somebody there to let us in.\n\n"
        f"Has something changed? Call {phone(terms)}.\n\n"
        f"To see your booking {booking.booking_number}:\n{manage_link(terms)}"
    )
    return f"{booking.booking_number}: we call on {pickup_words(booking)}", body


def _reminder_text(occasion: Occasion, terms: Terms) -> str:
    booking = occasion.booking
    request = booking.quote.request
    when = f"{request.pickup_date:%a %b} {request.pickup_date.day} at {request.pickup_time:%H:%M}"
    return f"we pick up on {when} ({booking.booking_number}). Questions? Call {phone(terms)}."


def _on_the_way(occasion: Occasion, terms: Terms) -> Draft:
    """Say where to, when, and where to follow it: the link is the courier's, nobody guesses it."""
    number, task = occasion.booking.booking_number, occasion.task
    body = f"{_setting_out(task)} for booking {number}.{_expected(task, terms)}"
    if task is not None and task.tracking_url:
        body += f"\n\nTo follow the driver:\n{task.tracking_url}"
    body += f"\n\nQuestions? Call {phone(terms)}."
    return f"{number}: your driver is on the way", body


def _on_the_way_text(occasion: Occasion, _terms: Terms) -> str:
    number, task = occasion.booking.booking_number, occasion.task
    link = f" {task.tracking_url}" if task is not None and task.tracking_url else ""
    return f"your driver is on the way ({number}).{link}"


def _setting_out(task: CourierTask | None) -> str:
    if task is None:
        return "Your driver is on the way"
    driver = f"{task.worker_name.split()[0]}, your driver," if task.worker_name.strip() else ""
    aim = "to pick up" if task.leg is Leg.PICKUP else "with your delivery"
    return f"{driver or 'Your driver'} is on the way {aim}"


def _expected(task: CourierTask | None, terms: Terms) -> str:
    if task is None or task.estimated_arrival_at is None:
        return ""
    local = task.estimated_arrival_at.astimezone(terms.zone)
    return f" We expect to be there at about {local:%H:%M}."


def _delivered(occasion: Occasion, terms: Terms) -> Draft:
    booking, task = occasion.booking, occasion.task
    is_move = booking.delivery_address is not None
    done = "Everything is delivered" if is_move else "We are done"
    when = task.completed_at if task is not None else None
    at = f", {moment_words(when, terms)}" if when is not None else ""
    body = (
        f"{done}{at}. Thank you for moving with us.{_proof(task)}\n\n"
        f"To see your booking {booking.booking_number}{_and_proof(task)}:\n{manage_link(terms)}\n\n"
        f"Is something not as it should be? Call {phone(terms)}."
    )
    return f"{booking.booking_number} is {'delivered' if is_move else 'done'}", body


def _delivered_text(occasion: Occasion, terms: Terms) -> str:
    done = "delivered" if occasion.booking.delivery_address is not None else "done"
    number = occasion.booking.booking_number
    return f"{number} is {done}. Proof and papers: {manage_link(terms)}"


def _proof(task: CourierTask | None) -> str:
    """Tell what was kept as proof of delivery, such as " We kept 2 photos and a signature."."""
    if task is None or not _and_proof(task):
        return ""
    number = len(task.photo_ids)
    photos = {0: "", 1: "a photo"}.get(number, f"{number} photos")
    signature = "a signature" if task.signature_id else ""
    return f" We kept {' and '.join(filter(None, (photos, signature)))} as proof."


def _and_proof(task: CourierTask | None) -> str:
    has_proof = task is not None and (task.photo_ids or task.signature_id)
    return " and the proof of delivery" if has_proof else ""


def text_message(kind: MessageKind, occasion: Occasion, terms: Terms) -> str:
    """Return the text: short, without addresses, and in ASCII, as any other sign doubles its cost.

    Source: docs/messages.md, "Text messages".
    """
    said = f"{terms.company_name}: {DAY_TEXTS[kind](occasion, terms)} Reply STOP to get no more."
    plain = unicodedata.normalize("NFKD", said)
    return plain.encode("ascii", "ignore").decode("ascii")


DAY_LETTERS: dict[MessageKind, Callable[[Occasion, Terms], Draft]] = {
    MessageKind.REMINDER: _reminder,
    MessageKind.DRIVER_ON_THE_WAY: _on_the_way,
    MessageKind.DELIVERED: _delivered,
}
DAY_TEXTS: dict[MessageKind, Callable[[Occasion, Terms], str]] = {
    MessageKind.REMINDER: _reminder_text,
    MessageKind.DRIVER_ON_THE_WAY: _on_the_way_text,
    MessageKind.DELIVERED: _delivered_text,
}
