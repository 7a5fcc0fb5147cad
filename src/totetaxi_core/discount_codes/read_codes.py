"""Show the discount codes of the book in effect, and who used them."""

from uuid import UUID

from totetaxi_core.discount_codes.code_use import CodeUse
from totetaxi_core.discount_codes.known_code import KnownCode
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.price_book.sections import BookSection, EntryNotFoundError, find_entry


async def list_codes(ports: Ports) -> tuple[KnownCode, ...]:
    """Return every code in the book's order, paused and expired ones too."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=now)
        uses = await uow.discount_uses.counts()
    return tuple(
        KnownCode.at(now, code, uses=uses.get(code.id, 0), version=book.version)
        for code in book.discount_codes
    )


async def look_up_code(word: str, ports: Ports) -> KnownCode:
    """Return a code by its text, without case, or its id.

    Raises:
        EntryNotFoundError: the book in effect has none such.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=now)
        code = _code_in(book, word)
        uses = await uow.discount_uses.count(code.id)
    return KnownCode.at(now, code, uses=uses, version=book.version)


async def find_uses(
    word: str,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[CodeUse]:
    """Return a page of the bookings that have a use of the code, newest first.

    Raises:
        EntryNotFoundError: the book in effect has no such code.
    """
    async with ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=ports.clock())
        code = _code_in(book, word)
        found = await uow.discount_uses.page(code.id, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


def _code_in(book: PriceBook, word: str) -> DiscountCode:
    found = find_entry(book.document, BookSection.DISCOUNT_CODES, word)
    wanted = UUID(found.entry_id)
    for code in book.discount_codes:
        if code.id == wanted:
            return code
    raise EntryNotFoundError(BookSection.DISCOUNT_CODES, word)
