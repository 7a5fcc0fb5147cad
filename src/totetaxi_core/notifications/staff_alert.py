"""What staff are told of a booking that needs one of them."""

from enum import StrEnum
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import Draft
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import money, pickup_words
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Terms

REASON: Final = "reason"
DETAIL: Final = "detail"


class AlertReason(StrEnum):
    """Why staff are alerted; an effect names it as `reason`, and says more in `detail`.

    Neither has a name, an address or a telephone number in it.
    """

    COURIER_TASK_FAILED = "courier_task_failed"
    COURIER_TASK_REFUSED = "courier_task_refused"
    COURIER_TASK_LOST = "courier_task_lost"
    COURIER_ADDRESS_UNSURE = "courier_address_unsure"
    COURIER_TASK_NOT_CANCELLED = "courier_task_not_cancelled"
    COURIER_TASK_NOT_MOVED = "courier_task_not_moved"
    COURIER_TASK_PAST = "courier_task_past"
    COURIER_MISCONFIGURED = "courier_misconfigured"


TROUBLES: Final = {
    AlertReason.COURIER_TASK_FAILED: "the driver could not complete a task",
    AlertReason.COURIER_TASK_REFUSED: "the courier service refuses a task",
    AlertReason.COURIER_TASK_LOST: "a task is gone at the courier service",
    AlertReason.COURIER_ADDRESS_UNSURE: "the courier service is not sure of an address",
    AlertReason.COURIER_TASK_NOT_CANCELLED: "the task of a cancelled booking could not be stopped",
    AlertReason.COURIER_TASK_NOT_MOVED: "a drive was under way as its booking moved",
    AlertReason.COURIER_TASK_PAST: "a drive's time passed before the courier service knew of it",
    AlertReason.COURIER_MISCONFIGURED: "the courier service refuses our key",
}


def _alert(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    if occasion.dispute is not None:
        return _disputed(booking, terms, occasion.dispute)
    if occasion.cash_cents:
        return _cash_to_hand_back(booking, occasion.cash_cents)
    if REASON in occasion.facts:
        return _trouble(booking, occasion.facts[REASON], occasion.facts.get(DETAIL, ""))
    if occasion.refund is not None:
        return _refund(booking, occasion.refund)
    return f"Look at {booking.booking_number}", f"{booking.booking_number} needs a look."


def _trouble(booking: Booking, reason: str, detail: str) -> Draft:
    """Tell of a trouble by its reason; one that has no words yet is told by its name."""
    known = reason in set(AlertReason)
    what = TROUBLES[AlertReason(reason)] if known else reason.replace("_", " ")
    more = f" ({detail})" if detail else ""
    body = (
        f"{booking.booking_number}, {booking.status.replace('_', ' ')}, for "
        f"{pickup_words(booking)}: {what}{more}.\n\n"
        f"Look with `totetaxi bookings show {booking.booking_number}` and `totetaxi dispatch "
        "board`."
    )
    return f"{booking.booking_number}: {what}", body


def _cash_to_hand_back(booking: Booking, cash_cents: int) -> Draft:
    contact, number = booking.contact, booking.booking_number
    is_over = booking.status is BookingStatus.CANCELLED
    why = "is cancelled" if is_over else "has moved to a cheaper time"
    body = (
        f"{number} was paid in cash and {why}. Hand back {money(cash_cents)} to "
        f"{contact.full_name}, {contact.phone}; the ledger has it as returned."
    )
    return f"Hand back {money(cash_cents)} in cash for {number}", body


def _refund(booking: Booking, refund: Refund) -> Draft:
    failure = f" Stripe says: {refund.failure_reason}." if refund.failure_reason else ""
    body = (
        f"Refund of ${dollars(refund.amount_cents)} for {booking.booking_number} "
        f"({refund.reason}) is {refund.status}.{failure}"
    )
    return f"Refund for {booking.booking_number}: {refund.status}", body


def _disputed(booking: Booking, terms: Terms, dispute: Dispute) -> Draft:
    due_by = dispute.due_by.astimezone(terms.zone) if dispute.due_by else None
    until = f" Evidence is due by {due_by:%H:%M} on {due_by:%B} {due_by.day}." if due_by else ""
    body = (
        f"The payer of {booking.booking_number} disputes ${dollars(dispute.amount_cents)} "
        f"({dispute.reason}): {dispute.status}, ${dollars(dispute.withdrawn_cents)} withdrawn. "
        f"Stripe calls it {dispute.stripe_dispute_id}.{until if dispute.is_undecided else ''}"
    )
    return f"Dispute about {booking.booking_number}: {dispute.status}", body


STAFF_ALERTS = {MessageKind.STAFF_ALERT: _alert}
