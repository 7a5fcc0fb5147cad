"""What stands on the shelf of price books: versions, their texts, the one that waits."""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.page import Page, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.price_book.change import Change
from totetaxi_core.price_book.diff_books import diff_books
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import MOST_VERSIONS, PublishedVersion, SourceText
from totetaxi_core.price_book.repository import (
    PriceBookNotFoundError,
    PriceBookVersionNotFoundError,
)
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The version in effect and the one that waits for its day, if one does."""

    current: PublishedVersion
    waiting: PublishedVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedBook:
    """A version with what is known of it; `source` is the newest text up to it."""

    book: PriceBook
    published: PublishedVersion
    source: SourceText | None


async def look_at_shelf(ports: Ports) -> Shelf:
    """Return which version counts now and which will."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        current = await uow.price_books.current(at=now)
        return Shelf(
            current=await uow.price_books.published(current.version),
            waiting=await uow.price_books.waiting(at=now),
        )


async def look_up_book(
    ports: Ports, *, version: int | None = None, at: datetime | None = None
) -> ShelvedBook:
    """Return a version, that of an aware instant, or else the one in effect.

    Raises:
        PriceBookVersionNotFoundError: there is no such version.
        PriceBookNotFoundError: none was in effect.
    """
    async with ports.unit_of_work() as uow:
        if version is None:
            book = await uow.price_books.current(at=ports.clock() if at is None else at)
        else:
            book = await _version(version, uow)
        return ShelvedBook(
            book=book,
            published=await uow.price_books.published(book.version),
            source=await uow.price_books.source(book.version),
        )


async def changes_of(
    version: int, ports: Ports, *, against: int | None = None
) -> tuple[int, tuple[Change, ...]]:
    """Return the version one is compared with and what differs: its `based_on` unless said.

    The first version changed nothing of version 0.

    Raises:
        PriceBookVersionNotFoundError: there is no such version to compare.
    """
    found = await look_up_book(ports, version=version)
    base = found.published.based_on if against is None else against
    if base is None:
        base = version - 1  # of those published before it was kept
    if base == 0:
        return 0, ()
    old = await look_up_book(ports, version=base)
    return base, diff_books(old.book, found.book)


async def list_versions(
    ports: Ports, *, before: int | None = None, after: int | None = None, limit: int
) -> Page[PublishedVersion]:
    """Return at most `limit` versions, the newest, or next to a version."""
    async with ports.unit_of_work() as uow:
        found = await uow.price_books.history(before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


async def _version(version: int, uow: UnitOfWork) -> PriceBook:
    if not 0 < version <= MOST_VERSIONS:
        raise PriceBookVersionNotFoundError(f"there is no price book {version}")
    try:
        return await uow.price_books.get(version)
    except PriceBookNotFoundError as error:
        raise PriceBookVersionNotFoundError(str(error)) from error
