"""Races on real connections, and what happens when a lock is taken away."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Text, bindparam, select, true
from sqlalchemy.exc import IntegrityError

from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import (
    NOW,
    PICKUP_DATE,
    a_booking,
    a_discount_code,
    a_payment,
    a_refund,
    a_rich_quote,
    an_attempt,
    an_effect,
)
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import PostgresUnitOfWork, crews, transaction
from totetaxi_adapters.postgres.tables import crew_half_hours
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import (
    CartTakenError,
    DiscountUsedUpError,
    IdempotencyKey,
    IdempotencyRecord,
)
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.payments.repositories import LiveAttemptExistsError
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.crews import SlotUnavailableError

RACERS = 200 if os.environ.get("TOTETAXI_SOAK") else 20
CREWS = 3
MORNING = range(18, 22)

UNLOCKED = select(bindparam("name", type_=Text))

Act = Callable[[PostgresUnitOfWork, int], Awaitable[object]]


async def race(uow_factory: PostgresUowFactory, act: Act, *, racers: int = RACERS) -> Counter[str]:
    """Let them all act at once, each in a transaction; count the outcomes by name."""

    async def run(number: int) -> str:
        try:
            async with uow_factory() as uow:
                outcome = await act(uow, number)
                await uow.commit()
        except (DomainError, IntegrityError) as error:
            return type(error).__name__
        return str(outcome)

    return Counter(await asyncio.gather(*(run(number) for number in range(racers))))


async def take_a_crew(uow: PostgresUnitOfWork, _number: int) -> None:
    await uow.crews.take(PICKUP_DATE, MORNING, crews=CREWS)


async def stored_booking(uow_factory: PostgresUowFactory, booking: Booking) -> Booking:
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    return booking


async def test_given_the_last_crews_when_many_want_them_then_exactly_those_are_taken(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    outcomes = await race(uow_factory, take_a_crew)

    assert outcomes == {"None": CREWS, SlotUnavailableError.__name__: RACERS - CREWS}
    rows = fetch(database_url, "SELECT half_hour, taken FROM crew_half_hours ORDER BY 1")
    assert rows == [(half_hour, CREWS) for half_hour in MORNING]


async def test_given_no_lock_and_no_guard_when_many_want_a_crew_then_the_check_still_refuses(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone = select(true()).select_from(crew_half_hours).where(*crews.NEEDED)
    unguarded = crews.RELEASE.values(taken=crew_half_hours.c.taken + 1)
    await race(uow_factory, take_a_crew, racers=1)
    monkeypatch.setattr(crews, "LOCK_IF_ALL_THERE", everyone)
    monkeypatch.setattr(crews, "TAKE", unguarded)

    outcomes = await race(uow_factory, take_a_crew)

    assert outcomes == {"None": CREWS - 1, IntegrityError.__name__: RACERS - CREWS + 1}
    assert fetch(database_url, "SELECT DISTINCT taken FROM crew_half_hours") == [(CREWS,)]


async def test_given_an_untouched_date_when_two_touch_it_at_once_then_it_has_one_number_of_crews(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async def take_later() -> None:
        async with uow_factory() as uow:
            await uow.crews.take(PICKUP_DATE, range(24, 28), crews=7)
            await uow.commit()

    async with uow_factory() as uow:
        await uow.crews.take(PICKUP_DATE, range(14, 18), crews=CREWS)
        second = asyncio.create_task(take_later())
        await until_blocked(database_url)
        await uow.commit()
    await second

    rows = fetch(database_url, "SELECT half_hour, taken, crews FROM crew_half_hours ORDER BY 1")
    assert rows == [(half_hour, 1, CREWS) for half_hour in (*range(14, 18), *range(24, 28))]


async def test_given_overlapping_mornings_when_taken_and_released_at_once_then_nobody_deadlocks(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    source = Random(7)  # noqa: S311  a test's choices
    mornings = [range(start, start + source.randint(2, 16)) for start in range(14, 25)]
    chosen = [source.choice(mornings) for _ in range(RACERS)]

    async def take_or_swap(uow: PostgresUnitOfWork, number: int) -> None:
        await uow.crews.take(PICKUP_DATE, chosen[number], crews=RACERS + number)
        if number % 3 == 0:
            await uow.crews.release(PICKUP_DATE, chosen[number])

    outcomes = await race(uow_factory, take_or_swap)

    assert outcomes == {"None": RACERS}
    stay = [morning for number, morning in enumerate(chosen) if number % 3]
    expected = Counter(half_hour for morning in stay for half_hour in morning)
    rows = fetch(database_url, "SELECT half_hour, taken FROM crew_half_hours WHERE taken > 0")
    assert dict(rows) == expected
    assert len(fetch(database_url, "SELECT DISTINCT crews FROM crew_half_hours")) == 1


async def test_given_a_locked_booking_when_its_quote_changes_then_whoever_waits_sees_the_new_lines(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = await stored_booking(uow_factory, a_booking())

    async def get_locked() -> Booking:
        async with uow_factory() as uow:
            return await uow.bookings.get(booking.id, lock=True)

    async with uow_factory() as uow:
        stored = await uow.bookings.get(booking.id, lock=True)
        changed = replace(stored, quote=a_rich_quote(), version=2)
        await uow.bookings.save(changed)
        waiting = asyncio.create_task(get_locked())
        await until_blocked(database_url)
        await uow.commit()

    assert await waiting == changed


async def book_free_cart(uow: PostgresUnitOfWork, _number: int) -> bool:
    """Book a free cart unless somebody has: it is confirmed at once."""
    if await uow.bookings.with_cart("free") is not None:
        return False
    await uow.bookings.add(a_booking(cart_key="free").confirm(at=NOW))
    return True


async def test_given_a_free_cart_when_many_book_it_at_once_then_one_booking_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    outcomes = await race(uow_factory, book_free_cart)

    assert outcomes == {"True": 1, "False": RACERS - 1}
    assert fetch(database_url, "SELECT count(*) FROM bookings") == [(1,)]


async def test_given_no_lock_on_a_cart_when_two_book_it_free_then_both_wrongly_stand(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "LOCK_NAME", UNLOCKED)

    async with uow_factory() as first, uow_factory() as second:
        booked = [await book_free_cart(uow, 0) for uow in (first, second)]
        await first.commit()
        await second.commit()

    assert booked == [True, True]
    assert fetch(database_url, "SELECT count(*) FROM bookings") == [(2,)]


async def test_given_one_cart_when_many_book_it_at_once_then_one_booking_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async def book(uow: PostgresUnitOfWork, _number: int) -> None:
        await uow.bookings.add(a_booking(cart_key="same"))

    outcomes = await race(uow_factory, book)

    assert outcomes == {"None": 1, CartTakenError.__name__: RACERS - 1}
    assert fetch(database_url, "SELECT count(*) FROM bookings") == [(1,)]


async def test_given_one_idempotency_key_when_many_send_it_at_once_then_one_is_the_first(
    uow_factory: PostgresUowFactory,
) -> None:
    key = IdempotencyKey(scope="guest-booking:ada@example.com", key="k", body_hash="b")

    async def book_once(uow: PostgresUnitOfWork, _number: int) -> bool:
        booking = a_booking()
        record = IdempotencyRecord(
            key=key, booking_id=booking.id, leased_until=None, created_at=NOW
        )
        first = await uow.idempotency.add(record)
        if first:
            await uow.bookings.add(booking)
        return first

    assert await race(uow_factory, book_once) == {"True": 1, "False": RACERS - 1}


async def test_given_a_booking_when_many_attempts_start_at_once_then_one_is_live(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = await stored_booking(uow_factory, a_booking())
    payment = a_payment(booking)
    async with uow_factory() as uow:
        await uow.payments.add(payment)
        await uow.commit()

    async def attempt(uow: PostgresUnitOfWork, number: int) -> None:
        await uow.payments.add_attempt(an_attempt(payment, number=number + 1))

    outcomes = await race(uow_factory, attempt)

    assert outcomes == {"None": 1, LiveAttemptExistsError.__name__: RACERS - 1}
    assert fetch(database_url, "SELECT state FROM payment_attempts") == [("live",)]


async def test_given_a_payment_when_many_refund_a_third_at_once_then_three_are_stored(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = await stored_booking(uow_factory, a_booking())
    payment = replace(a_payment(booking), amount_cents=300)
    async with uow_factory() as uow:
        await uow.payments.add(payment)
        await uow.commit()

    async def refund(uow: PostgresUnitOfWork, _number: int) -> None:
        await uow.refunds.add(a_refund(payment, amount_cents=100))

    outcomes = await race(uow_factory, refund)

    assert outcomes == {"None": 3, RefundExceedsPaymentError.__name__: RACERS - 3}
    assert fetch(database_url, "SELECT sum(amount_cents) FROM refunds") == [(300,)]


async def test_given_the_last_use_of_a_code_when_many_want_it_then_one_gets_it(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    code = a_discount_code(max_uses=1)

    async def use(uow: PostgresUnitOfWork, number: int) -> None:
        booking = a_booking()
        await uow.bookings.add(booking)
        await uow.discount_uses.reserve(code, booking_id=booking.id, email_key=f"{number}@x.org")

    outcomes = await race(uow_factory, use)

    assert outcomes == {"None": 1, DiscountUsedUpError.__name__: RACERS - 1}
    assert fetch(database_url, "SELECT count(*) FROM discount_uses") == [(1,)]


async def test_given_no_lock_on_a_code_when_two_want_its_last_use_then_both_wrongly_get_it(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = a_discount_code(max_uses=1)
    monkeypatch.setattr(transaction, "LOCK_NAME", UNLOCKED)

    async with uow_factory() as first, uow_factory() as second:
        for uow in (first, second):
            booking = a_booking()
            await uow.bookings.add(booking)
            await uow.discount_uses.reserve(code, booking_id=booking.id, email_key="a@x.org")
        await first.commit()
        await second.commit()

    assert fetch(database_url, "SELECT count(*) FROM discount_uses") == [(2,)]


async def test_given_one_cause_when_many_owe_it_at_once_then_one_effect_has_one_job(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async def owe(uow: PostgresUnitOfWork, _number: int) -> bool:
        return await uow.outbox.owe(an_effect(cause="pi_1"))

    outcomes = await race(uow_factory, owe)

    assert outcomes == {"True": 1, "False": RACERS - 1}
    assert fetch(database_url, "SELECT count(*) FROM procrastinate_jobs") == [(1,)]
