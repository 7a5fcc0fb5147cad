"""What PostgreSQL's rows and the provider must say of money, crews and codes at any moment."""

from collections import Counter
from datetime import date

from tests.adapters.postgres.arena import Arena
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.slot import Slot
from totetaxi_core.payments.gateway import IntentStatus, RefundState

OCCUPYING = frozenset(BookingStatus) - {BookingStatus.CANCELLED}
PAYABLE = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})
GONE_BACK = frozenset({RefundState.PENDING, RefundState.SUCCEEDED})
# Each query finds what must not be.
BREACHES = {
    "two live attempts": """
        SELECT booking_id FROM payment_attempts WHERE state = 'live'
        GROUP BY booking_id HAVING count(*) > 1""",
    "a live attempt, though it does not wait for payment": """
        SELECT bookings.id FROM bookings JOIN payment_attempts ON booking_id = bookings.id
        WHERE state = 'live' AND bookings.status = 'cancelled'""",
    "more refunded than charged": """
        SELECT payments.booking_id FROM payments JOIN refunds ON payment_id = payments.id
        WHERE refunds.status NOT IN ('rejected', 'failed')
        GROUP BY payments.id
        HAVING sum(refunds.amount_cents) > payments.amount_cents OR payments.status <> 'succeeded'
        """,
    "on its way to another slot, and neither waiting for nor moving a booking that stands": """
        SELECT reschedules.booking_id FROM reschedules
        JOIN bookings ON bookings.id = reschedules.booking_id
        JOIN payments ON payments.id = payment_id
        WHERE state = 'pending' AND
        (bookings.status <> 'confirmed' OR payments.status NOT IN ('pending', 'processing'))
        OR state = 'done' AND payments.status <> 'succeeded'
        OR state = 'ended' AND payments.status <> 'canceled'
        OR payments.amount_cents <> difference_cents OR purpose <> 'reschedule'""",
    "moved, and its payments less what went back for it are below its price": """
        SELECT bookings.id FROM bookings JOIN payments ON booking_id = bookings.id
        WHERE bookings.status IN ('confirmed', 'in_progress')
        AND payments.status = 'succeeded' AND purpose IN ('booking', 'reschedule')
        GROUP BY bookings.id HAVING total_cents > sum(payments.amount_cents) -
        (SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE booking_id = bookings.id
         AND reason = 'reschedule' AND status NOT IN ('rejected', 'failed'))""",
    "a booking whose ledger has not earned its price": """
        SELECT bookings.id FROM bookings JOIN ledger_entries ON booking_id = bookings.id
        JOIN ledger_postings ON entry_id = ledger_entries.id
        WHERE bookings.status IN ('confirmed', 'in_progress')
        AND ledger_entries.kind IN ('charge', 'repriced')
        AND account IN ('revenue', 'discounts', 'tax_payable')
        GROUP BY bookings.id HAVING -sum(ledger_postings.amount_cents) <> total_cents""",
    "confirmed, and not paid exactly once": """
        SELECT bookings.id FROM bookings LEFT JOIN payments
        ON booking_id = bookings.id AND purpose = 'booking' AND payments.status = 'succeeded'
        WHERE bookings.status IN ('confirmed', 'in_progress', 'completed')
        GROUP BY bookings.id HAVING count(payments.id) +
        (SELECT count(*) FROM ledger_entries WHERE cause = 'cash:' || bookings.id) <> 1""",
    "over, and its cash not handed back": """
        SELECT bookings.id FROM bookings JOIN ledger_entries ON booking_id = bookings.id
        JOIN ledger_postings ON entry_id = ledger_entries.id
        WHERE bookings.status = 'cancelled' AND account = 'cash'
        GROUP BY bookings.id HAVING sum(ledger_postings.amount_cents) <> 0""",
    "an intent that paid two payments": """
        SELECT max(booking_id::text)::uuid FROM payment_attempts WHERE state = 'succeeded'
        GROUP BY intent_id HAVING count(*) > 1""",
    "a payment with more successes than one": """
        SELECT max(booking_id::text)::uuid FROM payment_attempts WHERE state = 'succeeded'
        GROUP BY payment_id HAVING count(*) > 1""",
    "paid twice, and the second not owed back in full": """
        SELECT booking_id FROM payments WHERE purpose = 'duplicate' AND amount_cents >
        (SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE payment_id = payments.id)""",
    "over, and money of it kept that nobody refused": """
        SELECT bookings.id FROM bookings JOIN payments ON booking_id = bookings.id
        WHERE bookings.status = 'cancelled' AND payments.status = 'succeeded'
        AND NOT EXISTS (SELECT FROM disputes WHERE payment_id = payments.id)
        AND payments.amount_cents >
        (SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE payment_id = payments.id)""",
    "a ledger entry out of balance": """
        SELECT booking_id FROM ledger_entries LEFT JOIN ledger_postings ON entry_id = id
        GROUP BY id HAVING coalesce(sum(ledger_postings.amount_cents), 1) <> 0""",
    "a charge not posted exactly once": """
        SELECT payments.booking_id FROM payments LEFT JOIN ledger_entries
        ON cause = 'charge:' || payments.id
        WHERE payments.status = 'succeeded' GROUP BY payments.id
        HAVING count(ledger_entries.id) <> 1""",
    "a booking whose ledger is not what its rows say": """
        SELECT id FROM bookings WHERE
        (SELECT coalesce(sum(ledger_postings.amount_cents), 0) FROM ledger_postings
         JOIN ledger_entries ON ledger_entries.id = entry_id
         WHERE booking_id = bookings.id AND account = 'stripe')
        <> (SELECT coalesce(sum(amount_cents), 0) FROM payments
            WHERE booking_id = bookings.id AND status = 'succeeded')
         - (SELECT coalesce(sum(amount_cents), 0) FROM refunds
            WHERE booking_id = bookings.id AND status IN ('sent', 'succeeded'))
         - (SELECT coalesce(sum(withdrawn_cents), 0) FROM disputes
            WHERE booking_id = bookings.id)""",
    "a customer whose totals are not the ledger's": """
        SELECT customers.id FROM customers LEFT JOIN
        (SELECT customer_id, sum(net) AS net, count(*) FILTER (WHERE counts) AS bookings,
            max(confirmed_at) FILTER (WHERE counts) AS last_at
         FROM (SELECT bookings.*, net, confirmed_at IS NOT NULL
               AND (net > 0 OR (total_cents = 0 AND status <> 'cancelled')) AS counts
               FROM bookings, LATERAL
               (SELECT coalesce(sum(ledger_postings.amount_cents), 0) AS net FROM ledger_postings
                JOIN ledger_entries ON ledger_entries.id = entry_id
                WHERE booking_id = bookings.id AND account IN ('stripe', 'cash')) AS money) AS spent
         GROUP BY customer_id) AS ledger ON customer_id = customers.id
        WHERE (total_bookings, total_spent_cents, is_vip, last_booking_at) IS DISTINCT FROM
        (coalesce(bookings, 0), greatest(coalesce(net, 0), 0), coalesce(net, 0) >= 200000, last_at)
        """,
    "a refund not owed to Stripe exactly once": """
        SELECT refunds.booking_id FROM refunds LEFT JOIN owed_effects
        ON kind = 'send_refund' AND payload ->> 'refund_id' = refunds.id::text
        WHERE refunds.status IN ('approved', 'sent', 'succeeded') AND requested_by <> 'stripe'
        GROUP BY refunds.id HAVING count(owed_effects.id) <> 1""",
    "confirmed, and its courier tasks not owed exactly once": """
        SELECT bookings.id FROM bookings LEFT JOIN owed_effects
        ON kind = 'create_courier_tasks' AND payload ->> 'booking_id' = bookings.id::text
        WHERE bookings.status = 'confirmed' GROUP BY bookings.id
        HAVING count(owed_effects.id) <> 1""",
    "one refund decided on twice": """
        SELECT booking_id FROM staff_acts
        WHERE action_type IN ('refund_issued', 'refund_rejected') AND NOT is_refused
        GROUP BY booking_id, substring(description FROM '[0-9]+ cents') HAVING count(*) > 1""",
    "one cause owed twice": """
        SELECT max(id::text)::uuid FROM owed_effects GROUP BY cause HAVING count(*) > 1""",
    "one cart waiting twice": """
        SELECT max(id::text)::uuid FROM bookings WHERE status = 'pending'
        GROUP BY cart_key HAVING count(*) > 1""",
    "a code's use that no booking has": """
        SELECT booking_id FROM discount_uses JOIN bookings ON booking_id = bookings.id
        WHERE status IN ('completed', 'cancelled') AND NOT EXISTS
        (SELECT FROM payments WHERE payments.booking_id = bookings.id AND status = 'succeeded')
        AND NOT EXISTS (SELECT FROM ledger_entries WHERE cause = 'cash:' || bookings.id)""",
    "a standing booking without its code's use": """
        SELECT bookings.id FROM bookings JOIN quote_lines
        ON booking_id = bookings.id AND kind = 'discount'
        WHERE status IN ('pending', 'confirmed', 'in_progress') AND NOT EXISTS
        (SELECT FROM discount_uses WHERE discount_uses.booking_id = bookings.id)""",
}
ALL_BREACHES = " UNION ALL ".join(
    f"SELECT $${name}$$, found.* FROM ({query}) AS found"  # noqa: S608  our own words
    for name, query in BREACHES.items()
)
USES = "SELECT count(*) FROM discount_uses"
CREWS = "SELECT on_date, half_hour, taken, crews FROM crew_half_hours WHERE taken <> 0"
OVER = """
    SELECT intent_id FROM payment_attempts JOIN bookings ON bookings.id = booking_id
    WHERE status = 'cancelled' AND intent_id IS NOT NULL
"""


async def check_promises(arena: Arena, house: MemoryHouse, *, max_uses: int) -> None:
    """Fail with what is broken. `max_uses` is how often the book's code may be used."""
    assert await arena.fetch(ALL_BREACHES) == []
    await _check_crews(arena)
    assert await arena.fetch(USES) <= [(max_uses,)]
    over = {row[0] for row in await arena.fetch(OVER)}
    payable = {intent.id for intent in house.stripe.intents() if intent.status in PAYABLE}
    assert not over & payable, "somebody can pay a booking that is over"
    _check_refunds_at_stripe(house)


async def _check_crews(arena: Arena) -> None:
    rows = await arena.fetch(CREWS)
    taken = {(on, half_hour): count for on, half_hour, count, _crews in rows}
    held = [await _held(arena, each) for each in await _bookings(arena)]
    assert taken == Counter(half_hour for slots in held for half_hour in slots)
    assert all(0 <= count <= crews for _on, _half_hour, count, crews in rows)


async def _bookings(arena: Arena) -> tuple[Booking, ...]:
    async with arena.uow_factory() as uow:
        return await uow.bookings.page(status=None, after=None, limit=100)


async def _held(arena: Arena, booking: Booking) -> set[tuple[date, int]]:
    """Return what the booking holds, its next slot among it while the difference is not paid."""
    slots = [Slot.of(booking)] if booking.status in OCCUPYING else []
    async with arena.uow_factory() as uow:
        pending = await uow.reschedules.pending_of(booking.id)
    if pending is not None:
        slots.append(Slot.of(pending))
    return {(slot.on, half_hour) for slot in slots for half_hour in slot.half_hours}


def _check_refunds_at_stripe(house: MemoryHouse) -> None:
    refunds = [each for each in house.stripe.refunds() if each.state in GONE_BACK]
    ours = [each.refund_id for each in house.stripe.refunds() if each.refund_id is not None]
    assert len(set(ours)) == len(ours), "a refund was made twice"
    for intent in house.stripe.intents():
        back = sum(each.amount_cents for each in refunds if each.intent_id == intent.id)
        assert back <= intent.amount_received_cents
