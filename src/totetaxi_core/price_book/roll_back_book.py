"""Bring the prices of an earlier version back, as a new version."""

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.publish_book import Publishing, publish_book


async def roll_back_book(version: int, ports: Ports, *, reason: str, by: str) -> PriceBook:
    """Publish the document of an earlier version anew, in effect at once.

    A version that waits stays, without what is rolled back.

    Raises:
        InvalidInputError: no reason is given, or these prices are in effect.
        PriceBookNotFoundError: there is no such version.
        PriceBookConflictError: somebody published meanwhile, or the version that waits changes the
            same.
    """
    async with ports.unit_of_work() as uow:
        earlier = await uow.price_books.get(version)
        source = await uow.price_books.source(version)
        current = await uow.price_books.current(at=ports.clock())
    return await publish_book(
        earlier.document,
        ports,
        based_on=current.version,
        reason=reason,
        by=by,
        source=source,
        publishing=Publishing.ROLLBACK,
    )
