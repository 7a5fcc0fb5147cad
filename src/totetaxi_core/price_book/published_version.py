"""What is known of a published version beside its prices."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST_VERSIONS: Final = 2**31 - 1
"""More than will ever be published, and the most a store needs to count to."""


class BookFormat(StrEnum):
    """How a book is written as a file."""

    YAML = "yaml"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """The file a version was published from, with its order and comments."""

    text: str
    format: BookFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Who took back a version that waited; it never was in effect."""

    withdrawn_by: str
    withdrawn_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """A version on the shelf. All instants are UTC.

    `based_on` is the version it was measured against, 0 for the first; `reason` is why it was
    published. Both are None for those published before they were kept.
    """

    version: int
    title: str
    digest: str
    effective_at: datetime
    published_by: str
    published_at: datetime
    based_on: int | None = None
    reason: str | None = None
    withdrawal: Withdrawal | None = None

    def waits(self, *, at: datetime) -> bool:
        """Tell whether it is still to come into effect."""
        return self.withdrawal is None and at < self.effective_at
