"""The port to published price books."""

from datetime import datetime
from typing import Protocol

from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.refusal import DomainError


class PriceBookNotFoundError(DomainError):
    """There is no price book of this version, or none is in effect yet."""

    code = "price_book_not_found"


class PriceBookConflictError(DomainError):
    """Somebody published meanwhile, or another version waits to become effective."""

    code = "price_book_conflict"


class PriceBookRepository(Protocol):
    """Every version ever published; none is ever changed."""

    async def current(self, *, at: datetime) -> PriceBook:
        """Return the newest version in effect at an instant.

        Raises:
            PriceBookNotFoundError: none is.
        """
        ...

    async def get(self, version: int) -> PriceBook:
        """Return a version.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        ...

    async def publish(
        self, book: PriceBook, *, based_on: int, by: str, effective_at: datetime, at: datetime
    ) -> PriceBook:
        """Store the book as version `based_on` + 1; 0 is the first's.

        Raises:
            PriceBookConflictError: `based_on` is not the newest, or one waits already.
        """
        ...
