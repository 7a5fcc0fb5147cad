from datetime import timedelta

import pytest

from tests.builders import DEFAULT_BOOK, NOW, a_price_book, a_rich_quote, winter_code_document
from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat, SourceText
from totetaxi_core.price_book.repository import (
    PriceBookConflictError,
    PriceBookNotFoundError,
    PriceBookNotWaitingError,
)

TOMORROW = NOW + timedelta(days=1)


async def publish(
    uow_factory: UowFactory, book: PriceBook, *, based_on: int, in_effect: timedelta = timedelta(0)
) -> PriceBook:
    """Publish at NOW, to be in effect so much later."""
    async with uow_factory() as uow:
        published = await uow.price_books.publish(
            book, based_on=based_on, by="maria", effective_at=NOW + in_effect, at=NOW
        )
        await uow.commit()
    return published


async def test_given_no_book_when_asked_for_then_it_is_not_found(uow_factory: UowFactory) -> None:
    async with uow_factory() as uow:
        with pytest.raises(PriceBookNotFoundError) as refusal:
            await uow.price_books.current(at=NOW)
        with pytest.raises(PriceBookNotFoundError):
            await uow.price_books.get(1)

    assert refusal.value.code == "price_book_not_found"


async def test_given_the_first_book_when_published_then_it_is_version_1_and_the_same(
    uow_factory: UowFactory,
) -> None:
    book = a_price_book(version=9, discount_codes=[winter_code_document()])

    published = await publish(uow_factory, book, based_on=0)

    async with uow_factory() as uow:
        current, got = await uow.price_books.current(at=NOW), await uow.price_books.get(1)
    assert published.version == current.version == got.version == 1
    assert published.digest == current.digest == got.digest == book.digest
    assert got.discount_codes == book.discount_codes
    assert got.surcharge_rules == DEFAULT_BOOK.surcharge_rules


async def test_given_a_published_book_when_quoting_then_its_prices_are_the_documents(
    uow_factory: UowFactory,
) -> None:
    book = a_price_book(discount_codes=[winter_code_document()])
    await publish(uow_factory, book, based_on=0)

    async with uow_factory() as uow:
        stored = await uow.price_books.current(at=NOW)

    assert a_rich_quote(book=stored) == a_rich_quote(book=book)


async def test_given_a_second_version_when_published_then_the_first_stays(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)

    second = await publish(uow_factory, a_price_book(title="Prices of 2027"), based_on=1)

    async with uow_factory() as uow:
        current, first = await uow.price_books.current(at=NOW), await uow.price_books.get(1)
    assert (current.version, current.title) == (2, "Prices of 2027")
    assert current.digest == second.digest
    assert first.digest == DEFAULT_BOOK.digest


@pytest.mark.parametrize("based_on", [0, 2])
async def test_given_another_newest_version_when_published_then_it_is_a_conflict(
    uow_factory: UowFactory, based_on: int
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)

    with pytest.raises(PriceBookConflictError) as refusal:
        await publish(uow_factory, a_price_book(title="Other"), based_on=based_on)

    assert refusal.value.code == "price_book_conflict"
    async with uow_factory() as uow:
        assert (await uow.price_books.current(at=NOW)).version == 1


async def test_given_a_book_for_tomorrow_when_asked_for_then_it_is_current_from_that_instant(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)
    await publish(uow_factory, a_price_book(title="X"), based_on=1, in_effect=timedelta(days=1))

    async with uow_factory() as uow:
        before = await uow.price_books.current(at=TOMORROW - timedelta(microseconds=1))
        from_then = await uow.price_books.current(at=TOMORROW)
        waiting = await uow.price_books.get(2)

    assert (before.version, from_then.version, waiting.version) == (1, 2, 2)


async def test_given_only_a_book_for_tomorrow_when_asked_for_then_none_is_in_effect(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0, in_effect=timedelta(days=1))

    async with uow_factory() as uow:
        with pytest.raises(PriceBookNotFoundError):
            await uow.price_books.current(at=NOW)


async def test_given_a_book_that_waits_when_another_is_published_then_it_is_a_conflict(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)
    await publish(uow_factory, a_price_book(title="X"), based_on=1, in_effect=timedelta(days=1))

    with pytest.raises(PriceBookConflictError):
        await publish(uow_factory, a_price_book(title="Y"), based_on=2)

    async with uow_factory() as uow:
        published = await uow.price_books.publish(
            a_price_book(title="Y"), based_on=2, by="maria", effective_at=TOMORROW, at=TOMORROW
        )
    assert published.version == 3


async def test_given_two_who_publish_at_once_when_the_first_commits_then_the_second_conflicts(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)

    async with uow_factory() as first:
        await first.price_books.publish(
            a_price_book(title="X"), based_on=1, by="maria", effective_at=NOW, at=NOW
        )
        losing = await start_blocked(
            publish(uow_factory, a_price_book(title="Y"), based_on=1), by=first
        )
        await first.commit()

    with pytest.raises(PriceBookConflictError):
        await outcome(losing)
    async with uow_factory() as uow:
        assert (await uow.price_books.current(at=NOW)).title == "X"


async def test_given_a_version_that_waits_when_withdrawn_then_it_never_comes_and_stays_on_record(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)
    await publish(uow_factory, a_price_book(title="X"), based_on=1, in_effect=timedelta(days=1))

    async with uow_factory() as uow:
        waited = await uow.price_books.waiting(at=NOW)
        await uow.price_books.withdraw(2, by="lou", at=NOW, reason="A wrong date")
        await uow.commit()

    async with uow_factory() as uow:
        known = await uow.price_books.published(2)
        assert waited is not None
        assert (waited.version, waited.waits(at=NOW), known.waits(at=NOW)) == (2, True, False)
        assert known.withdrawal is not None
        assert (known.withdrawal.withdrawn_by, known.withdrawal.reason) == ("lou", "A wrong date")
        assert (await uow.price_books.current(at=TOMORROW)).version == 1
        assert (await uow.price_books.get(2)).title == "X"
        assert await uow.price_books.waiting(at=NOW) is None
    assert (await publish(uow_factory, a_price_book(title="Y"), based_on=1)).version == 3


@pytest.mark.parametrize("version", [1, 2, 9])
async def test_given_a_version_that_does_not_wait_when_withdrawn_then_it_is_refused(
    uow_factory: UowFactory, version: int
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)
    await publish(uow_factory, a_price_book(title="X"), based_on=1, in_effect=timedelta(days=1))
    async with uow_factory() as uow:
        await uow.price_books.withdraw(2, by="lou", at=NOW, reason="Wrong")
        await uow.commit()

    async with uow_factory() as uow:
        with pytest.raises(PriceBookNotWaitingError) as refusal:
            await uow.price_books.withdraw(version, by="lou", at=NOW, reason="Again")

    assert refusal.value.code == "price_book_not_waiting"


async def test_given_versions_when_read_back_then_who_why_and_from_what_is_told_newest_first(
    uow_factory: UowFactory,
) -> None:
    await publish(uow_factory, DEFAULT_BOOK, based_on=0)
    source = SourceText(text="title: X  # why not", format=BookFormat.YAML)
    async with uow_factory() as uow:
        await uow.price_books.publish(
            a_price_book(title="X"),
            based_on=1,
            by="lou",
            effective_at=TOMORROW,
            at=NOW,
            reason="Spring",
            source=source,
        )
        await uow.commit()

    async with uow_factory() as uow:
        newest, first = await uow.price_books.history(limit=10)
        assert await uow.price_books.history(limit=1) == (newest,)
        assert await uow.price_books.history(before=2, limit=10) == (first,)
        assert await uow.price_books.history(after=1, limit=10) == (newest,)
        assert await uow.price_books.published(2) == newest
        assert [await uow.price_books.source(version) for version in (1, 2, 7)] == [
            None,
            source,
            source,
        ]
        with pytest.raises(PriceBookNotFoundError):
            await uow.price_books.published(3)
    assert (newest.version, newest.title, newest.based_on, newest.reason) == (2, "X", 1, "Spring")
    assert (newest.published_by, newest.effective_at) == ("lou", TOMORROW)
    assert (first.reason, first.digest) == (None, DEFAULT_BOOK.digest)
