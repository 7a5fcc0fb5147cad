"""What a house's rows and its payment provider say of money, crews and codes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.bookings.slot import Slot
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.ledger.post_movement import earned
from totetaxi_core.ledger.sales import more_earned
from totetaxi_core.payments.checkout import CheckoutSession, SessionStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import RefundStatus

TAKES_CREWS = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
TAKES_CARDS = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})
MADE_BY_STRIPE = frozenset({RefundStatus.SENT, RefundStatus.SUCCEEDED})
COUNTED = frozenset({RefundStatus.APPROVED, RefundStatus.SENT, RefundStatus.SUCCEEDED})


def all_bookings(house: MemoryHouse) -> list[Booking]:
    return list(house.database.bookings.rows.values())


def active_bookings(house: MemoryHouse) -> list[Booking]:
    return [booking for booking in all_bookings(house) if booking.status in TAKES_CREWS]


def crews_needed(house: MemoryHouse) -> Mapping[tuple[date, int], int]:
    """Return how many crews the active bookings occupy, by date and half hour.

    One on its way to another slot holds both, and where they overlap one crew.
    """
    held = [(each.id, Slot.of(each)) for each in active_bookings(house)]
    held += [
        (each.booking_id, Slot.of(each))
        for each in house.database.reschedules.rows.values()
        if each.state is RescheduleState.PENDING
    ]
    half_hours = {(owner, slot.on, at) for owner, slot in held for at in slot.half_hours}
    return Counter((on, at) for _owner, on, at in half_hours)


def unearned(house: MemoryHouse) -> list[str]:
    """Return the bookings that stand and have not earned just their price by the ledger."""
    rows = list(house.database.ledger_entries.rows.values())
    found = []
    for booking in all_bookings(house):
        entries = [each for each in rows if each.booking_id == booking.id]
        if booking.status in STANDING and any(
            more_earned(earned(booking.quote, 0), entries).values()
        ):
            found.append(booking.booking_number)
    return found


def handed_out(house: MemoryHouse) -> list[PaymentIntent]:
    """Return the intents whose secret a payer may have: those we stored, but for a page's."""
    known = {row.intent_id for row in house.database.attempts.rows.values()}
    of_pages = {session.intent_id for session in house.checkout.sessions()}
    return [intent for intent in house.stripe.intents() if intent.id in known - of_pages]


def open_pages(house: MemoryHouse) -> list[CheckoutSession]:
    """Return the open pay pages whose address a payer may have: those we stored."""
    known = {row.session_id for row in house.database.attempts.rows.values()}
    sessions = house.checkout.sessions()
    return [one for one in sessions if one.id in known and one.status is SessionStatus.OPEN]


def own_payment_statuses(house: MemoryHouse, booking: Booking) -> list[PaymentStatus]:
    """Return those of the payments for the booking itself, without what came twice."""
    payments = house.payments(booking)
    return [each.status for each in payments if each.purpose is PaymentPurpose.BOOKING]


def kept_cents(house: MemoryHouse, booking: Booking) -> int:
    """Return what the booking's payments brought, less what is owed or gone back."""
    paid = [
        payment.amount_cents
        for payment in house.payments(booking)
        if payment.status is PaymentStatus.SUCCEEDED
    ]
    refunds = house.refunds(booking)
    back = [refund.amount_cents for refund in refunds if refund.status in COUNTED]
    return sum(paid) - sum(back)


def cash_cents(house: MemoryHouse, booking: Booking) -> int:
    """Return the cash that the ledger has of the booking."""
    entries = house.database.ledger_entries.rows.values()
    return total_in(Account.CASH, [one for one in entries if one.booking_id == booking.id])


def at_stripe_cents(house: MemoryHouse, booking: Booking) -> int:
    """Return what our rows say Stripe holds of the booking's money."""
    payments, refunds = house.payments(booking), house.refunds(booking)
    disputes = house.database.disputes.rows.values()
    return (
        sum(one.amount_cents for one in payments if one.status is PaymentStatus.SUCCEEDED)
        - sum(one.amount_cents for one in refunds if one.status in MADE_BY_STRIPE)
        - sum(one.withdrawn_cents for one in disputes if one.booking_id == booking.id)
    )


def check_ledger(house: MemoryHouse) -> None:
    """See that the ledger balances, and has of each booking what our other rows say."""
    entries = list(house.database.ledger_entries.rows.values())
    assert sum(total_in(account, entries) for account in Account) == 0
    for booking in all_bookings(house):
        own = [entry for entry in entries if entry.booking_id == booking.id]
        assert total_in(Account.STRIPE, own) == at_stripe_cents(house, booking)
