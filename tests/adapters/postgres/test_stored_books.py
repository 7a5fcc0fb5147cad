from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.builders import NOW, a_booking, a_price_book, a_rich_quote
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres.price_books import BookShelf
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.repository import PriceBookConflictError


async def publish(uow_factory: PostgresUowFactory, book: PriceBook, *, based_on: int = 0) -> None:
    async with uow_factory() as uow:
        await uow.price_books.publish(book, based_on=based_on, by="ada", effective_at=NOW, at=NOW)
        await uow.commit()


async def test_given_a_book_when_asked_for_often_then_it_is_one_object_read_once(
    uow_factory: PostgresUowFactory, engine: AsyncEngine
) -> None:
    book = a_price_book(title="Read once")
    await publish(uow_factory, book)
    statements: list[str] = []
    event.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: statements.append(statement),
    )

    books = []
    for _ in range(3):
        async with uow_factory() as uow:
            books.append(await uow.price_books.current(at=NOW))

    assert books[0] is books[1] is books[2]
    assert books[0].digest == book.digest
    assert sum("document" in statement for statement in statements) == 1


def test_given_a_full_shelf_when_one_more_is_kept_then_the_one_longest_unused_goes() -> None:
    shelf = BookShelf(most=2)
    books = [a_price_book(version=version) for version in (1, 2, 3)]
    for book in books[:2]:
        shelf.keep("d", book)

    shelf.find(1, "d")
    shelf.keep("d", books[2])

    assert [shelf.find(version, "d") for version in (1, 2, 3)] == [books[0], None, books[2]]


def test_given_the_same_version_of_another_database_when_found_then_it_is_another_book() -> None:
    shelf = BookShelf()
    ours, theirs, ours_again = (a_price_book() for _ in range(3))

    shelf.keep("a", ours)
    shelf.keep("b", theirs)

    assert shelf.keep("a", ours_again) is ours
    assert shelf.find(1, "b") is theirs


async def test_given_two_who_publish_on_the_same_version_when_they_meet_then_one_is_refused(
    uow_factory: PostgresUowFactory,
) -> None:
    await publish(uow_factory, a_price_book())
    await publish(uow_factory, a_price_book(title="Mine"), based_on=1)

    with pytest.raises(PriceBookConflictError):
        await publish(uow_factory, a_price_book(title="Theirs"), based_on=1)


async def test_given_a_rich_quote_when_its_booking_is_saved_with_another_then_lines_follow(
    uow_factory: PostgresUowFactory,
) -> None:
    booking = a_booking()
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    async with uow_factory() as uow:
        stored = await uow.bookings.get(booking.id, lock=True)
        changed = replace(stored, quote=a_rich_quote(), version=2)
        await uow.bookings.save(changed)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == changed
