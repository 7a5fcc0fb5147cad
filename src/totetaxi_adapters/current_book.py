"""The price book in effect, held in memory and never stale by more than a second."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from totetaxi_adapters.following import following
from totetaxi_core.ports import Ports
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.publish_default_book import publish_default_book


class CurrentBook:
    """Looks twice a second for a newer version."""

    def __init__(self, ports: Ports, book: PriceBook) -> None:
        self._ports = ports
        self.book = book

    @classmethod
    @asynccontextmanager
    async def following(cls, ports: Ports) -> AsyncIterator["CurrentBook"]:
        """Hold the current book, published first if there is none, for as long as it is open."""
        current = cls(ports, await publish_default_book(ports))
        async with following(current.refresh, what="price_book"):
            yield current

    async def refresh(self) -> None:
        """Take the version in effect now."""
        async with self._ports.unit_of_work() as uow:
            self.book = await uow.price_books.current(at=self._ports.clock())
