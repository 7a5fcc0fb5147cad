"""Publish the company's own book where no book has been published yet."""

from datetime import UTC, datetime

from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.ports import Ports
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.repository import PriceBookConflictError, PriceBookNotFoundError

FROM_THE_START = datetime(1970, 1, 1, tzinfo=UTC)  # so that a clock set back finds it too


async def publish_default_book(ports: Ports) -> PriceBook:
    """Return the current book, publishing the default as version 1 if there is none."""
    now = ports.clock()
    try:
        async with ports.unit_of_work() as uow:
            return await uow.price_books.current(at=now)
    except PriceBookNotFoundError:
        return await _publish(ports)


async def _publish(ports: Ports) -> PriceBook:
    now = ports.clock()
    try:
        async with ports.unit_of_work() as uow:
            book = await uow.price_books.publish(
                PriceBook.default(), based_on=0, by=SYSTEM, effective_at=FROM_THE_START, at=now
            )
            await uow.commit()
            return book
    except PriceBookConflictError:
        # Another process that starts at the same time was faster.
        async with ports.unit_of_work() as uow:
            return await uow.price_books.current(at=ports.clock())
