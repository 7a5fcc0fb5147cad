"""Entries of the price book, as staff read and change them one at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Self

import attrs

from totetaxi_core.price_book.entry_edit import EntryEdit
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.publish_book import MAX_REASON
from totetaxi_core.price_book.published_version import MOST_VERSIONS, PublishedVersion
from totetaxi_core.price_book.read_books import Shelf, ShelvedBook
from totetaxi_core.price_book.sections import BookSection, NamedEntry
from totetaxi_http.schemas.price_book_version import PriceBookVersionResponse
from totetaxi_http.wire.constraints import Constraint, Structure, Text, Whole
from totetaxi_http.wire.faults import FaultyValueError

RULE: Final[Mapping[str, object]] = {
    "id": "20a06cc3-030b-5e19-a4a5-9213f7fbca46",
    "slug": "weekend-mini_move",
    "name": "Weekend, mini move",
    "service_type": "mini_move",
    "is_active": True,
    "weekdays": ["saturday", "sunday"],
    "kind": "fixed",
    "amount_cents": 17_500,
    "exclusive_group": "dates-mini_move",
    "priority": 10,
}
RULE_ID: Final = RULE["id"]
WHY: Final = "Weekends cost more from May on"
START: Final = {
    "description": "From this instant on, in place of at once. What waits already goes on waiting."
}


@attrs.frozen
class Fields(Constraint):
    """An object whose fields the price book checks, and names where they are bad."""

    def apply(self, value: Any, inner: Structure) -> Any:  # noqa: ANN401  whatever JSON holds
        if not isinstance(value, dict):
            raise FaultyValueError("wrong_type", "must be an object")
        return inner(value)

    def keywords(self) -> Mapping[str, Any]:
        return {"description": "The fields of the section: docs/price-book.md lists them."}


EntryFields = Annotated[dict[str, Any], Fields()]
Reason = Annotated[str, Text(max_length=MAX_REASON, min_length=0)]
SeenVersion = Annotated[int, Whole(minimum=1, maximum=MOST_VERSIONS)]
SEEN: Final = {"description": "The version that was seen: 409 if another is in effect by now."}


@attrs.frozen(kw_only=True)
class NewEntryBody:
    """An entry to add. One without an `id` gets it from its `slug` or `code`."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "entry": {"slug": "piano", "name": "Upright piano", "price_cents": 90_000},
        "reason": "Three customers asked for it",
        "based_on": 3,
    }

    entry: EntryFields
    reason: Reason
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)
    effective_at: datetime | None = attrs.field(default=None, metadata=START)


@attrs.frozen(kw_only=True)
class EntryChangesBody:
    """Fields to change; what is left out stays, null takes a field away."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "changes": {"amount_cents": 20_000},
        "reason": WHY,
        "based_on": 3,
        "effective_at": "2027-05-01T04:00:00Z",
    }

    changes: EntryFields
    reason: Reason
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)
    effective_at: datetime | None = attrs.field(default=None, metadata=START)


@attrs.frozen(kw_only=True)
class RetirementBody:
    """Why an entry is not offered or charged any more."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"reason": "Nobody booked it", "based_on": 3}

    reason: Reason
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)
    effective_at: datetime | None = attrs.field(default=None, metadata=START)


@attrs.frozen(kw_only=True)
class BookReasonBody:
    """Why a version is taken back, or brought back: it goes on record."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"reason": "The wrong month"}

    reason: Reason


@attrs.frozen(kw_only=True)
class EntryResponse:
    """An entry of `price_book_version`, with its fields as they stand in the book.

    `entry_id` is its id, a zone's name, or the section itself where that is one object.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "section": "surcharge-rules",
        "entry_id": RULE_ID,
        "entry": RULE,
        "price_book_version": 3,
    }

    section: BookSection
    entry_id: str
    entry: Mapping[str, Any]
    price_book_version: int

    @classmethod
    def of(cls, one: NamedEntry, *, section: BookSection, version: int) -> Self:
        return cls(
            section=section, entry_id=one.entry_id, entry=one.entry, price_book_version=version
        )


@attrs.frozen(kw_only=True)
class EntriesResponse:
    """The entries of a section in the book's order, retired ones too; one for a single object."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [EntryResponse.EXAMPLE],
        "next": None,
        "previous": None,
        "price_book_version": 3,
    }

    results: tuple[EntryResponse, ...]
    next: str | None
    previous: str | None = None
    price_book_version: int


@attrs.frozen(kw_only=True)
class EditedEntryResponse:
    """The entry as it now stands, null if a zone was taken out, and the version that has it.

    `carried_to` is the version that waits for its day and got the same change; null if none does.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "section": "surcharge-rules",
        "entry_id": RULE_ID,
        "entry": {**RULE, "amount_cents": 20_000},
        "price_book": PriceBookVersionResponse.EXAMPLE,
        "carried_to": None,
    }

    section: BookSection
    entry_id: str
    entry: Mapping[str, Any] | None
    price_book: PriceBookVersionResponse
    carried_to: int | None

    @classmethod
    def of(
        cls, edit: EntryEdit, book: PriceBook, *, published: PublishedVersion, shelf: Shelf
    ) -> Self:
        found = edit.entry_in(book.document)
        waiting = shelf.waiting
        return cls(
            section=edit.section,
            entry_id=edit.entry_id,
            entry=None if found is None else found.entry,
            price_book=PriceBookVersionResponse.from_version(published, shelf=shelf),
            carried_to=waiting.version if waiting and waiting.version > book.version else None,
        )


@attrs.frozen(kw_only=True)
class PriceBookResponse:
    """A whole version: what is known of it, and its document."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "price_book": PriceBookVersionResponse.EXAMPLE,
        "document": {"title": "ToteTaxi 2027", "surcharge_rules": [RULE]},
    }

    price_book: PriceBookVersionResponse
    document: Mapping[str, Any]

    @classmethod
    def of(cls, found: ShelvedBook, *, shelf: Shelf) -> Self:
        return cls(
            price_book=PriceBookVersionResponse.from_version(found.published, shelf=shelf),
            document=found.book.document,
        )


@attrs.frozen(kw_only=True)
class WaitingBookResponse:
    """The version that waits for its day; null if none does."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"waiting": PriceBookResponse.EXAMPLE}

    waiting: PriceBookResponse | None
