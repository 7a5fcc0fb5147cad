"""Rehearsals of stored bookings: streamed, alone or on every core, with the same answer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.builders import NOW, PICKUP_DATE, a_booking, a_price_book, a_quote_request
from tests.builders import winter_code_document as code_document
from tests.contracts.storing import store_booking
from totetaxi_adapters import rehearse as subject
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import quote
from totetaxi_core.rehearsal.simulate_book import Rehearsal

SATURDAY = date(2026, 12, 5)
DAYS = {"first_on": PICKUP_DATE, "last_on": SATURDAY}
CODE = code_document()
BOOK = a_price_book(discount_codes=[CODE])


def booked(on: date, *, code: str | None = None, book: PriceBook = BOOK) -> Booking:
    request = replace(a_quote_request(), pickup_date=on, discount_code=code)
    made = a_booking()
    return replace(
        made,
        quote=quote(request, book, at=NOW),
        pickup_at=made.pickup_at + (on - PICKUP_DATE),
    )


@pytest.fixture
async def stored(postgres_uow_factory: Any) -> list[Booking]:  # noqa: ANN401  a factory
    """Three that count, one of them with a code; one cancelled, one of the day after."""
    async with postgres_uow_factory() as uow:
        await uow.price_books.publish(BOOK, based_on=0, by="lou", effective_at=NOW, at=NOW)
        await uow.commit()
    cancelled = booked(SATURDAY).cancel(reason=CancellationReason.CUSTOMER, at=NOW)
    after = booked(SATURDAY + timedelta(days=1))
    counting = [booked(PICKUP_DATE), booked(SATURDAY), booked(SATURDAY, code="winter10")]
    for booking in (*counting, cancelled, after):
        await store_booking(postgres_uow_factory(), booking)
    return counting


def facts(found: Rehearsal) -> tuple[object, ...]:
    tally = found.tally
    return tally.total, tally.lines, tally.services, found.weeks, found.most_changed


async def test_given_stored_bookings_when_rehearsed_then_one_core_and_all_say_the_same(
    database_url: str, stored: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules: Any = BOOK.document["surcharge_rules"]
    dearer = [
        {**rule, "amount_cents": 20_000} if rule["slug"] == "weekend-mini_move" else rule
        for rule in rules
    ]
    draft = replace(a_price_book(discount_codes=[CODE], surcharge_rules=dearer), version=0)
    told: list[tuple[int, int]] = []

    alone = subject.rehearse(
        database_url, draft, **DAYS, told=lambda done, count: told.append((done, count))
    )
    monkeypatch.setattr(subject, "ALONE", 0)
    monkeypatch.setattr(subject, "PART", 1)
    spread = subject.rehearse(database_url, draft, **DAYS, told=lambda *_: None)
    same = subject.rehearse(database_url, replace(BOOK, version=1), **DAYS, told=lambda *_: None)

    total = alone.tally.total
    assert (total.bookings, told[-1]) == (3, (3, 3))
    assert total.before_cents == sum(booking.total_cents for booking in stored)
    assert alone.tally.losers.bookings == 2
    assert facts(spread) == facts(alone)
    assert (same.unchanged, same.tally.total.change_cents) == (3, 0)
