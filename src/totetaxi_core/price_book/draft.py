"""A price book on its way to being published."""

from collections.abc import Mapping
from dataclasses import dataclass

from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat, SourceText


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sound document as it stands in a file.

    `based_on` is the version it was exported from, None where the file does not say.
    """

    document: Mapping[str, object]
    source_text: str
    format: BookFormat
    based_on: int | None = None

    @property
    def source(self) -> SourceText:
        return SourceText(text=self.source_text, format=self.format)

    def book(self, *, version: int = 0) -> PriceBook:
        """Return the draft as a book, of no version yet unless told."""
        return PriceBook.from_document(self.document, version=version)
