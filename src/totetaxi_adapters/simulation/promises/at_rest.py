"""What holds once everybody has finished: both sides agree, and nothing is left to do."""

from collections.abc import Iterator
from datetime import datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.simulation.promises.books import GIVEN_BACK, BookingBooks
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectState, OwedEffect
from totetaxi_core.payments.dispute import status_of
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.payments.refund import STATUS_OF_STATE, RefundStatus


def nothing_is_due(database: MemoryDatabase) -> Iterator[str]:
    for row in database.effects.rows.values():
        effect = row.effect
        if effect.state is not EffectState.DONE and not waits_for_its_day(effect):
            yield f"{effect.kind} is {effect.state} for good: {effect.last_error}"


def waits_for_its_day(effect: OwedEffect) -> bool:
    """Tell whether it is a reminder nobody has tried to send: its day may be after the end."""
    is_reminder = effect.payload.get("message_kind") == MessageKind.REMINDER
    return is_reminder and effect.state is EffectState.DUE and not effect.attempts


def lapsed_holds_are_ended(books: BookingBooks, *, at: datetime) -> Iterator[str]:
    held_until = books.booking.hold_expires_at
    if books.booking.status is BookingStatus.PENDING and held_until and held_until <= at:
        yield "the hold lapsed and the booking is pending still"


def every_charge_is_on_record(books: BookingBooks) -> Iterator[str]:
    known = {each.intent_id for each in books.attempts if each.state is AttemptState.SUCCEEDED}
    for intent in books.intents:
        if intent.status is IntentStatus.SUCCEEDED and intent.id not in known:
            yield f"{intent.amount_received_cents} cents were charged that we know nothing of"


def both_sides_agree_on_refunds(books: BookingBooks) -> Iterator[str]:
    rows = {each.stripe_refund_id: each for each in books.refunds if each.stripe_refund_id}
    for made in books.provider_refunds:
        row = rows.get(made.id)
        status = STATUS_OF_STATE.get(made.state, RefundStatus.SENT)
        if row is None:
            yield f"the provider sent back {made.amount_cents} cents that we know nothing of"
        elif (row.status, row.amount_cents) != (status, made.amount_cents):
            yield f"a refund is {made.state} at the provider and {row.status} here"


def both_sides_agree_on_disputes(books: BookingBooks) -> Iterator[str]:
    rows = {each.stripe_dispute_id: each for each in books.disputes}
    for made in books.provider_disputes:
        row = rows.get(made.id)
        if row is None:
            yield f"a dispute of {made.amount_cents} cents that we know nothing of"
        elif (row.status, row.withdrawn_cents) != (status_of(made), made.withdrawn_cents):
            yield f"a dispute is {made.state} at the provider and {row.status} here"


def what_is_kept_is_what_we_say(books: BookingBooks) -> Iterator[str]:
    """The provider's money for the booking is what our rows say is left of it."""
    received = sum(each.amount_received_cents for each in books.intents)
    given = sum(each.amount_cents for each in books.provider_refunds if each.state in GIVEN_BACK)
    charged = sum(each.amount_cents for each in books.successes)
    back = sum(
        each.amount_cents
        for each in books.refunds
        if each.status in (RefundStatus.SENT, RefundStatus.SUCCEEDED)
    )
    taken = sum(each.withdrawn_cents for each in books.provider_disputes)
    kept, known = received - given - taken, charged - back - _withdrawn(books)
    if kept != known:
        yield f"{kept} cents are kept at the provider, {known} on record"


def _withdrawn(books: BookingBooks) -> int:
    return sum(each.withdrawn_cents for each in books.disputes)
