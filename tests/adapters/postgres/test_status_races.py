"""Two who change one booking at once: the second knows that the first was there."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

import pytest

from tests.adapters.postgres.raced_world import a_house_on, order_of
from tests.adapters.postgres.server_view import fetch
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse, by_staff
from tests.core.bookings.sample_books import book_with_petite_at
from tests.meeting import Meeting
from totetaxi_adapters.postgres import bookings
from totetaxi_adapters.postgres.bookings import PostgresBookingRepository
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.refusal import DomainError

DONE = "done"
RACES = 10
STATUS = "SELECT status, version FROM bookings"
UPDATES = "SELECT count(*)::int FROM staff_acts WHERE action_type = 'booking_update'"
HELD = "SELECT account, sum(amount_cents)::int FROM ledger_postings GROUP BY 1 ORDER BY 1"


async def outcome(act: Awaitable[object]) -> str:
    try:
        await act
    except DomainError as refusal:
        return refusal.code
    return DONE


async def a_house(uow_factory: PostgresUowFactory) -> MemoryHouse:
    house = a_house_on(uow_factory, crews=3)
    await house.publish(book_with_petite_at(99_500), based_on=0)
    return house


async def a_paid_booking(house: MemoryHouse) -> Booking:
    _, intent = await house.book_unpaid()
    settled = await house.settle(house.pay(intent))
    assert settled is not None
    return settled


async def start_and_complete(house: MemoryHouse, booking: Booking) -> Counter[str]:
    """Let maria start and lou complete the version that both have seen."""
    maria = by_staff(booking, seen=booking.version)
    lou = by_staff(booking, name="lou", seen=booking.version)
    acts = (
        outcome(start_booking(maria, house.ports, house.terms)),
        outcome(complete_booking(lou, house.ports, house.terms)),
    )
    return Counter(await asyncio.gather(*acts))


async def test_given_one_version_when_two_staff_change_it_at_once_then_the_second_is_stale(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = await a_house(uow_factory)
    booking = await a_paid_booking(house)

    outcomes = await start_and_complete(house, booking)

    assert outcomes == {DONE: 1, "stale_version": 1}
    [(status, version)] = fetch(database_url, STATUS)
    assert (status in ("in_progress", "completed"), version) == (True, booking.version + 1)
    assert fetch(database_url, UPDATES) == [(1,)]


async def test_given_no_lock_when_two_staff_change_it_at_once_then_one_change_is_lost(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await a_house(uow_factory)
    booking = await a_paid_booking(house)
    monkeypatch.setattr(bookings, "LOCK", bookings.GET)
    both_have_looked = Meeting()
    save = PostgresBookingRepository.save

    async def save_together(self: PostgresBookingRepository, changed: Booking) -> None:
        await both_have_looked.wait()
        await save(self, changed)

    monkeypatch.setattr(PostgresBookingRepository, "save", save_together)

    outcomes = await start_and_complete(house, booking)

    assert outcomes == {DONE: 2}
    [(_, version)] = fetch(database_url, STATUS)
    assert version == booking.version + 1
    assert fetch(database_url, UPDATES) == [(2,)]


@pytest.mark.parametrize("race", range(RACES))
async def test_given_a_card_that_has_paid_when_cash_and_settling_race_then_only_the_card_counts(
    uow_factory: PostgresUowFactory, database_url: str, race: int
) -> None:
    house = await a_house(uow_factory)
    booked = await house.book_order(order_of(f"ada{race}"))
    assert booked.intent is not None
    house.pay(booked.intent)

    taken, settled = await asyncio.gather(
        outcome(confirm_in_cash(by_staff(booked.booking), house.ports, house.terms)),
        outcome(settle_intent(booked.intent.id, house.ports, house.terms)),
    )

    assert (taken, settled) == ("invalid_transition", DONE)
    assert fetch(database_url, STATUS) == [("confirmed", 2)]
    assert fetch(database_url, HELD) == [("revenue", -99_500), ("stripe", 99_500)]


async def test_given_two_who_take_the_cash_when_they_race_then_it_is_taken_once(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = await a_house(uow_factory)
    booking, _ = await house.book_unpaid()

    outcomes = Counter(
        await asyncio.gather(
            *(
                outcome(confirm_in_cash(by_staff(booking, name=name), house.ports, house.terms))
                for name in ("maria", "lou")
            )
        )
    )

    assert outcomes == {DONE: 1, "invalid_transition": 1}
    assert fetch(database_url, HELD) == [("cash", 99_500), ("revenue", -99_500)]
    assert fetch(database_url, UPDATES) == [(1,)]
