"""A house that moves bookings: Tuesday, December 1 costs 995.00 dollars, Saturday 175.00 more."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from tests.builders import NOW, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.bookings.reschedule_booking import (
    Rescheduled,
    preview_reschedule,
    reschedule_booking,
)
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.ledger.post_movement import earned
from totetaxi_core.payments.gateway import PaymentIntent, PaymentUnavailableError
from totetaxi_core.payments.payment import Payment, PaymentPurpose
from totetaxi_core.price_book import PriceBook
from totetaxi_core.scheduling.schedule import Schedule

TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)
FRIDAY, SATURDAY = date(2026, 12, 4), date(2026, 12, 5)
NINE, TEN, SEVEN = time(9), time(10), time(7)
WEEKDAY_CENTS, WEEKEND_CENTS, MORE_CENTS = 99_500, 117_000, 17_500


async def a_moving_house(
    *, crews: int = 3, book: PriceBook | None = None, at: datetime = NOW
) -> MemoryHouse:
    """Return a house that is open on weekends."""
    schedule = Schedule(closed_weekdays=frozenset(), default_crews=crews)
    if book is None:
        return await a_house(schedule=schedule, at=at)
    return await a_house(schedule=schedule, book=book, at=at)


async def book_on(
    house: MemoryHouse,
    on: date = TUESDAY,
    at: time = NINE,
    **wishes: Any,  # noqa: ANN401
) -> Booking:
    """Return a booking that waits for its payment."""
    request = replace(a_quote_request(), pickup_date=on, pickup_time=at, **wishes)
    booking, _ = await house.book_unpaid(request=request, allow_duplicate=True)
    return booking


async def paid_on(
    house: MemoryHouse,
    on: date = TUESDAY,
    at: time = NINE,
    **wishes: Any,  # noqa: ANN401
) -> Booking:
    """Return a booking that was paid; nothing is owed for it any more."""
    booking = await book_on(house, on, at, **wishes)
    [attempt] = house.attempts(booking)
    intent = house.stripe.pay(attempt.intent_id or "", PAYS)
    settled = await house.settle(intent)
    assert settled is not None
    await house.work_off()
    return settled


def to(booking: Booking, on: date, at: time = NINE, **facts: Any) -> Rescheduling:  # noqa: ANN401
    return Rescheduling(booking_id=booking.id, pickup_date=on, pickup_time=at, **facts)


async def move(
    house: MemoryHouse,
    booking: Booking,
    on: date,
    at: time = NINE,
    *,
    expecting: int,
    **facts: Any,  # noqa: ANN401
) -> Rescheduled:
    asked = to(booking, on, at, **facts)
    return await reschedule_booking(asked, house.ports, house.terms, expected_total_cents=expecting)


async def preview(
    house: MemoryHouse, booking: Booking, on: date, at: time = NINE
) -> tuple[RescheduleOffer, tuple[str, ...]]:
    offer = await preview_reschedule(to(booking, on, at), house.ports, house.terms)
    return offer, offer.refusal_codes


async def held_on_saturday(house: MemoryHouse) -> tuple[Booking, Rescheduled]:
    """Return a paid booking on its way to Saturday, whose difference is not paid yet."""
    booking = await paid_on(house)
    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    assert held.intent is not None
    return booking, held


async def silence() -> None:
    """Be Stripe, not answering a call."""
    raise PaymentUnavailableError("no answer")


def slot_of(on: date, first: int = 18, last: int = 22) -> dict[tuple[date, int], int]:
    """Return the half hours from 09:00 to 11:00, or others, of one crew."""
    return {(on, half_hour): 1 for half_hour in range(first, last)}


def reschedules(house: MemoryHouse) -> list[Reschedule]:
    return list(house.database.reschedules.rows.values())


def difference_of(house: MemoryHouse, booking: Booking) -> Payment:
    [payment] = [
        each for each in house.payments(booking) if each.purpose is PaymentPurpose.RESCHEDULE
    ]
    return payment


def sent_back_cents(house: MemoryHouse) -> int:
    """Return what Stripe has sent back to anybody."""
    return sum(each.amount_cents for each in house.stripe.refunds())


def check_books(house: MemoryHouse, booking: Booking) -> None:
    """The ledger has earned the booking's price, and holds what Stripe holds."""
    rows = house.database.ledger_entries.rows.values()
    entries = [each for each in rows if each.booking_id == booking.id]
    target = earned(house.booking(booking.id).quote, 0)
    sales = [each for each in entries if each.kind in ("charge", "repriced")]
    for account in (Account.REVENUE, Account.DISCOUNTS, Account.TAX):
        assert total_in(account, sales) == target[account]
    intents = [each for each in house.stripe.intents() if each.booking_id == booking.id]
    received = sum(each.amount_received_cents for each in intents)
    refunds = [each for each in house.stripe.refunds() if each.intent_id in _ids(intents)]
    gone = sum(each.amount_cents for each in refunds)
    assert total_in(Account.STRIPE, entries) == received - gone
    assert total_in(Account.CUSTOMER_MONEY, entries) == 0


def _ids(intents: list[PaymentIntent]) -> set[str]:
    return {each.id for each in intents}
