"""Two publish a price book at once, on real connections; what the lock of the books is for."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import psycopg
import pytest
from sqlalchemy import CursorResult, Executable

from tests.adapters.postgres.raced_world import a_house_on
from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import DEFAULT_BOOK
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from tests.meeting import happened
from totetaxi_adapters.postgres.price_books import NEWEST, PostgresPriceBookRepository
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.edit_book import add_entry
from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.publish_book import publish_book
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.sections import BookSection

PUBLISHED = "SELECT version, based_on, document->>'title' FROM price_books ORDER BY version"
ACTS = "SELECT count(*) FROM staff_acts WHERE action_type LIKE 'price_book%' AND NOT is_refused"


async def publish(house: MemoryHouse, title: str) -> PriceBook:
    document = {**DEFAULT_BOOK.document, "title": title}
    return await publish_book(document, house.ports, based_on=1, reason="Prices", by="maria")


async def add_code(house: MemoryHouse, code: str) -> PriceBook:
    entry = {"code": code, "kind": "percentage", "rate_bp": 1_000}

    def edit(document: Mapping[str, Any]) -> dict[str, Any]:
        return add_entry(document, BookSection.DISCOUNT_CODES, entry)

    return await edit_price_book(edit, house.ports, based_on=None, reason="A code", by="maria")


async def at_once(
    database_url: str, *acts: Coroutine[Any, Any, PriceBook]
) -> list[PriceBook | BaseException]:
    """Let two come as far as they can while no book can be stored, then let them go on."""
    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute("LOCK TABLE price_books IN SHARE MODE")
        tasks = [asyncio.create_task(act) for act in acts]
        await until_blocked(database_url, sessions=len(tasks))
    return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def house(uow_factory: PostgresUowFactory) -> MemoryHouse:
    house = a_house_on(uow_factory, crews=3)
    await house.publish(DEFAULT_BOOK, based_on=0)
    return house


async def test_given_two_who_publish_at_once_when_both_are_done_then_one_won_and_one_conflicts(
    house: MemoryHouse, database_url: str
) -> None:
    ended = await at_once(database_url, publish(house, "X"), publish(house, "Y"))

    [won] = [one for one in ended if isinstance(one, PriceBook)]
    [lost] = [one for one in ended if isinstance(one, PriceBookConflictError)]
    assert lost.code == "price_book_conflict"
    assert str(lost) == "version 2 is in effect: begin with that one; yours was made from version 1"
    assert fetch(database_url, PUBLISHED)[1:] == [(2, 1, won.title)]
    assert fetch(database_url, ACTS) == [(1,)]


class Counting:
    """Holds the first who is about to count the versions, and has checked its base before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held, self.let_go = asyncio.Event(), asyncio.Event()
        execute = Transaction.execute

        async def held_at_count(
            transaction: Transaction,
            statement: Executable,
            parameters: Mapping[str, object] | None = None,
        ) -> CursorResult[Any]:
            if statement is NEWEST and not self.held.is_set():
                self.held.set()
                await happened(self.let_go)
            return await execute(transaction, statement, parameters)

        monkeypatch.setattr(Transaction, "execute", held_at_count)


async def test_given_one_about_to_publish_when_another_comes_then_it_waits_and_conflicts(
    house: MemoryHouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(monkeypatch)
    first = asyncio.create_task(publish(house, "X"))
    await happened(counting.held)

    second = asyncio.create_task(publish(house, "Y"))
    await until_blocked(database_url)
    counting.let_go.set()

    assert (await first).version == 2
    with pytest.raises(PriceBookConflictError):
        await second


async def test_given_no_lock_of_the_books_when_another_comes_then_what_it_changed_is_lost(
    house: MemoryHouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_lock(self: PostgresPriceBookRepository) -> None:
        del self

    monkeypatch.setattr(PostgresPriceBookRepository, "lock", no_lock)
    counting = Counting(monkeypatch)
    first = asyncio.create_task(publish(house, "X"))
    await happened(counting.held)

    await publish(house, "Y")
    counting.let_go.set()
    await first

    assert fetch(database_url, PUBLISHED)[1:] == [(2, 1, "Y"), (3, 1, "X")]


async def test_given_two_who_add_a_code_at_once_when_neither_named_a_version_then_both_are_there(
    house: MemoryHouse, database_url: str
) -> None:
    ended = await at_once(database_url, add_code(house, "VIP"), add_code(house, "SPRING"))

    assert sorted(one.version for one in ended if isinstance(one, PriceBook)) == [2, 3]
    async with house.ports.unit_of_work() as uow:
        current = await uow.price_books.current(at=house.clock())
    assert {one.code for one in current.discount_codes} == {"VIP", "SPRING"}
    assert fetch(database_url, ACTS) == [(2,)]
