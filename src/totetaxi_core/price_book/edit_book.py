"""Edit one entry of a price book's document: document in, sound document out, nothing stored.

Faults of the entry are named within it, below `at` if given: `zones.0`, `entry.zones.0`. What an
edit breaks elsewhere is named by its place in the document: `surcharge_rules.3.zones.0`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from totetaxi_core.price_book.entry_ids import with_ids
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.sections import (
    MEMBERS,
    ZONE_NAME,
    ZONE_ZIPS,
    BookSection,
    Document,
    Entry,
    EntryNotFoundError,
    NamedEntry,
    entries_of,
    find_entry,
    with_entries,
    words_of,
)
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError, faults_of

__all__ = [
    "EntryExistsError",
    "EntryNotFoundError",
    "SectionShapeError",
    "add_entry",
    "change_entry",
    "change_single",
    "retire_entry",
]
ACTIVE: Final = "is_active"
INVALID_NAME: Final = "invalid_name"
NO_SEGMENTS: Final = frozenset({".", ".."})
"""Names that an address cannot end with: whoever calls it takes them out."""
TIERS: Final = MEMBERS[BookSection.CANCELLATION_TERMS]


class EntryExistsError(DomainError):
    """The section has an entry with this id, slug, code or zone name already, perhaps retired."""

    code = "price_book_entry_exists"

    def __init__(self, section: BookSection, word: str) -> None:
        super().__init__(f"{section} has an entry {word!r} already")
        self.section, self.word = section, word


class SectionShapeError(DomainError):
    """A list is changed entry by entry; a single object is changed, not added to or retired."""

    code = "price_book_section_shape"

    def __init__(self, section: BookSection) -> None:
        told = "one object: change it" if section.is_single else "a list: change an entry of it"
        super().__init__(f"{section} is {told}")
        self.section = section


def add_entry(
    document: Document, section: BookSection, entry: Entry, *, at: str = ""
) -> dict[str, Any]:
    """Return the document with another entry at the end of a section.

    One without an id gets it from its slug or code.

    Raises:
        SectionShapeError: the section is a single object.
        EntryExistsError: its id, slug, code or zone name is taken.
        InvalidInputError: names every bad field.
    """
    if section.is_single:
        raise SectionShapeError(section)
    entries = entries_of(document, section)
    added = _named(document, section, entry, at=at)
    _refuse_twins(section, added, entries)
    return _checked(document, section, [*entries, added], added.entry_id, at=at)


def change_entry(
    document: Document, section: BookSection, entry_id: str, patch: Entry, *, at: str = ""
) -> dict[str, Any]:
    """Return the document with some fields of an entry changed; null takes a field away.

    `entry_id` is an id, slug or code; a single section's is its own name.

    Raises:
        EntryNotFoundError: there is no such entry.
        EntryExistsError: its new slug or code is another's.
        InvalidInputError: names every bad field.
    """
    found = find_entry(document, section, entry_id)
    _refuse_other_id(section, found, patch, at=at)
    changed = replace(found, entry=_patched(found.entry, patch))
    entries = entries_of(document, section)
    others = [one for one in entries if one.entry_id != found.entry_id]
    _refuse_twins(section, changed, others)
    after = [changed if one.entry_id == found.entry_id else one for one in entries]
    return _checked(document, section, after, found.entry_id, at=at)


def change_single(
    document: Document, section: BookSection, patch: Entry, *, at: str = ""
) -> dict[str, Any]:
    """Return the document with some fields of a single section changed; null takes one away.

    Raises:
        SectionShapeError: the section is a list.
        InvalidInputError: names every bad field.
    """
    if not section.is_single:
        raise SectionShapeError(section)
    return change_entry(document, section, section.value, patch, at=at)


def retire_entry(document: Document, section: BookSection, entry_id: str) -> dict[str, Any]:
    """Return the document with an entry that is not offered or charged any more.

    It stays in the book, so that old bookings can tell what they were; a zone, which bookings do
    not name, is taken out.

    Raises:
        SectionShapeError: the section is a single object.
        EntryNotFoundError: there is no such entry.
        InvalidInputError: what still names the zone.
    """
    if section.is_single:
        raise SectionShapeError(section)
    found = find_entry(document, section, entry_id)
    if section is not BookSection.ZONES:
        return change_entry(document, section, found.entry_id, {ACTIVE: False})
    left = [one for one in entries_of(document, section) if one.entry_id != found.entry_id]
    return _checked(document, section, left, found.entry_id, at="")


def _named(document: Document, section: BookSection, entry: Entry, *, at: str) -> NamedEntry:
    """Return the new entry with the id it has, or gets."""
    if section is BookSection.ZONES:
        name = entry.get(ZONE_NAME)
        if not isinstance(name, str) or not name.strip():
            raise _fault(at, ZONE_NAME, "missing", "is required, as text")
        if "/" in name or name in NO_SEGMENTS:
            raise _fault(at, ZONE_NAME, INVALID_NAME, "must have no slash: it stands in addresses")
        return NamedEntry(name, entry)
    filled: Any = with_ids({section.key: [*document.get(section.key, ()), entry]})
    given: Entry = filled[section.key][-1]
    return NamedEntry(str(given.get("id", "")).lower(), given)


def _patched(entry: Entry, patch: Entry) -> dict[str, Any]:
    # A null that stands there already says the same as no field: it stays as it was written.
    merged = {**entry, **patch}
    return {
        name: value
        for name, value in merged.items()
        if value is not None or (name in entry and entry[name] is None)
    }


def _refuse_other_id(section: BookSection, found: NamedEntry, patch: Entry, *, at: str) -> None:
    name = ZONE_NAME if section is BookSection.ZONES else "id"
    given = patch.get(name, found.entry_id)
    same = given.lower() if isinstance(given, str) and name == "id" else given
    if not section.is_single and same != found.entry_id:
        raise _fault(at, name, "immutable", "cannot be changed: retire it, and add another")


def _refuse_twins(section: BookSection, one: NamedEntry, others: Iterable[NamedEntry]) -> None:
    words = words_of(one.entry)
    for other in others:
        if one.entry_id and other.entry_id.casefold() == one.entry_id.casefold():
            raise EntryExistsError(section, one.entry_id)
        for word in words & words_of(other.entry):
            raise EntryExistsError(section, word)


def _checked(
    document: Document,
    section: BookSection,
    entries: list[NamedEntry],
    entry_id: str,
    *,
    at: str,
) -> dict[str, Any]:
    """Return the document with these entries, if it is sound.

    Raises:
        InvalidInputError: it is not.
    """
    edited = with_entries(document, section, entries)
    index = next((i for i, one in enumerate(entries) if one.entry_id == entry_id), None)
    place = _Place(section=section, entry_id=entry_id, index=index, at=at)
    found = faults_of(lambda: PriceBook.from_document(edited))
    own = () if index is None else place.own_faults(entries[index].entry)
    if faults := [*own, *map(place.within_entry, found)]:
        raise InvalidInputError(faults)
    return edited


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an entry stands in the document, and how its faults are called."""

    section: BookSection
    entry_id: str
    index: int | None
    at: str

    @property
    def in_document(self) -> str:
        if self.section is BookSection.ZONES:
            return f"{self.section.key}.{self.entry_id}"
        return self.section.key if self.section.is_single else f"{self.section.key}.{self.index}"

    def own_faults(self, entry: Entry) -> Iterator[FieldFault]:
        """Yield what the book cannot see: fields it has no place for, terms that are left out."""
        if self.section is BookSection.ZONES:
            known = {ZONE_NAME, ZONE_ZIPS}
        elif self.section in MEMBERS:
            known = {MEMBERS[self.section]}
        else:
            return
        for name in entry:
            if name not in known:
                field = _joined(self.at, name)
                message = "is not a field we know"
                yield FieldFault(field=field, code="unknown_field", message=message)
        if self.section is BookSection.CANCELLATION_TERMS and entry.get(TIERS) is None:
            field = _joined(self.at, TIERS)
            message = "is required; an empty list refunds nothing"
            yield FieldFault(field=field, code="missing", message=message)

    def within_entry(self, fault: FieldFault) -> FieldFault:
        """Return the fault with its path within the entry, as it is if it lies elsewhere."""
        place = self.in_document
        if self.index is None or not f"{fault.field}.".startswith(f"{place}."):
            return fault
        rest = fault.field[len(place) + 1 :]
        return replace(fault, field=_joined(self.at, self._member(fault.code), rest))

    def _member(self, code: str) -> str:
        if self.section is BookSection.ZONES:
            return ZONE_NAME if code == INVALID_NAME else ZONE_ZIPS
        return MEMBERS.get(self.section, "")


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)


def _fault(at: str, name: str, code: str, message: str) -> InvalidInputError:
    field = _joined(at, name)
    return InvalidInputError([FieldFault(field=field, code=code, message=message)])
