"""The port to published price books."""

from datetime import datetime
from typing import Protocol

from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText
from totetaxi_core.refusal import DomainError


class PriceBookNotFoundError(DomainError):
    """There is no price book of this version, or none is in effect yet."""

    code = "price_book_not_found"


class PriceBookVersionNotFoundError(PriceBookNotFoundError):
    """Somebody asked for a version that was never published."""

    code = "price_book_version_not_found"


class PriceBookConflictError(DomainError):
    """Somebody published meanwhile, or another version waits to become effective."""

    code = "price_book_conflict"


class PriceBookNotWaitingError(DomainError):
    """The version is in effect, or was taken back before."""

    code = "price_book_not_waiting"


class PriceBookRepository(Protocol):
    """Every version ever published; none is ever changed."""

    async def lock(self) -> None:
        """Keep others from publishing until the end of the transaction."""
        ...

    async def current(self, *, at: datetime) -> PriceBook:
        """Return the newest version in effect at an instant.

        Raises:
            PriceBookNotFoundError: none is.
        """
        ...

    async def get(self, version: int) -> PriceBook:
        """Return a version, whether or not it was ever in effect.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        ...

    async def publish(
        self,
        book: PriceBook,
        *,
        based_on: int,
        by: str,
        effective_at: datetime,
        at: datetime,
        reason: str | None = None,
        source: SourceText | None = None,
    ) -> PriceBook:
        """Store the book as the next version.

        `based_on` is the newest version that was not withdrawn; 0 is the first's.

        Raises:
            PriceBookConflictError: `based_on` is not the newest, or one waits already.
        """
        ...

    async def withdraw(self, version: int, *, by: str, at: datetime, reason: str) -> None:
        """Take back a version that waits: it never comes into effect.

        Raises:
            PriceBookNotWaitingError: it does not wait.
        """
        ...

    async def waiting(self, *, at: datetime) -> PublishedVersion | None:
        """Return the version that is still to come into effect; at most one is."""
        ...

    async def published(self, version: int) -> PublishedVersion:
        """Return what is known of a version.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        ...

    async def history(
        self, *, before: int | None = None, after: int | None = None, limit: int
    ) -> tuple[PublishedVersion, ...]:
        """Return versions newest first: the newest, those below `before`, or next above `after`.

        Only one of the two versions may be given.
        """
        ...

    async def source(self, version: int) -> SourceText | None:
        """Return the newest text at or before a version; None where none was kept."""
        ...
