"""A page of a list that is newest first, without counting what is around it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

Entry = TypeVar("Entry")


class Dated(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an entry stands in a list by `created_at` and `id`."""

    created_at: datetime
    id: UUID

    @classmethod
    def of(cls, entry: Dated) -> "Place":
        return cls(entry.created_at, entry.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Entry]):
    """Newest first; whether there are older and newer ones than these."""

    entries: tuple[Entry, ...]
    has_older: bool
    has_newer: bool

    @property
    def oldest(self) -> Entry | None:
        """The entry before which the older ones are; None if there are none."""
        return self.entries[-1] if self.entries and self.has_older else None

    @property
    def newest(self) -> Entry | None:
        """The entry after which the newer ones are; None if there are none."""
        return self.entries[0] if self.entries and self.has_newer else None


def page_of(
    found: tuple[Entry, ...], *, before: object | None, after: object | None, limit: int
) -> Page[Entry]:
    """Return the page of at most `limit` of the entries found, where one more was asked for.

    They are the newest of all, those before a place, or the next after one.
    """
    is_more = len(found) > limit
    if after is not None:
        return Page(entries=found[1:] if is_more else found, has_older=True, has_newer=is_more)
    return Page(entries=found[:limit], has_older=is_more, has_newer=before is not None)
