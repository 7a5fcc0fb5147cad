"""What stands on the shelf of price books: versions, their texts, the one that waits."""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.page import Page, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText


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
        PriceBookNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        if version is None:
            book = await uow.price_books.current(at=ports.clock() if at is None else at)
        else:
            book = await uow.price_books.get(version)
        return ShelvedBook(
            book=book,
            published=await uow.price_books.published(book.version),
            source=await uow.price_books.source(book.version),
        )


async def list_versions(
    ports: Ports, *, before: int | None = None, after: int | None = None, limit: int
) -> Page[PublishedVersion]:
    """Return at most `limit` versions, the newest, or next to a version."""
    async with ports.unit_of_work() as uow:
        found = await uow.price_books.history(before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)
