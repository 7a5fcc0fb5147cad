"""The price book in effect, held in memory and never stale by more than a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from totetaxi_core.ports import Ports
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.publish_default_book import publish_default_book
from totetaxi_core.refusal import DomainError

POLL_S = 0.5
LAST_LOOK_S = 2
_LOG = structlog.get_logger(__name__)


class CurrentBook:
    """Looks twice a second for a newer version.

    While the database is away the last one stands: nobody can publish then either.
    """

    def __init__(self, ports: Ports, book: PriceBook) -> None:
        self._ports = ports
        self.book = book

    @classmethod
    @asynccontextmanager
    async def following(cls, ports: Ports) -> AsyncIterator["CurrentBook"]:
        """Hold the current book, published first if there is none, for as long as it is open."""
        current = cls(ports, await publish_default_book(ports))
        stop = asyncio.Event()
        task = asyncio.create_task(current.follow(stop))
        try:
            yield current
        finally:
            stop.set()
            # A look at hand may end: cancelled, it could leave its connection behind.
            await asyncio.wait([task], timeout=LAST_LOOK_S)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def follow(self, stop: asyncio.Event) -> None:
        """Look for newer versions until told to stop."""
        while not await _is_set_within(stop, POLL_S):
            try:
                await self.refresh()
            except DomainError as error:
                _LOG.warning("price_book_not_read", code=error.code)
            except Exception as error:  # noqa: BLE001  to stop looking would sell at old prices
                _LOG.exception("price_book_not_read", error=type(error).__name__)

    async def refresh(self) -> None:
        """Take the version in effect now."""
        async with self._ports.unit_of_work() as uow:
            self.book = await uow.price_books.current(at=self._ports.clock())


async def _is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
