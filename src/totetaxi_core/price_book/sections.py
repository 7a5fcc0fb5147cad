"""The parts of a price book that staff change one entry at a time.

A list has entries with ids; a zone's id is its name; the rest are single objects, which are
changed as a whole and cannot be retired.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from totetaxi_core.refusal import DomainError

Document = Mapping[str, Any]
Entry = Mapping[str, Any]


class BookSection(StrEnum):
    """A part of the book, by the word that stands in addresses."""

    PACKAGES = "packages"
    ORGANIZING_SERVICES = "organizing-services"
    SPECIALTY_ITEMS = "specialty-items"
    STANDARD_DELIVERY = "standard-delivery"
    BLADE_SERVICES = "blade-services"
    SURCHARGE_RULES = "surcharge-rules"
    ZONES = "zones"
    SERVICE_AREA = "service-area"
    TAX_RULES = "tax-rules"
    FEES = "fees"
    DISCOUNT_CODES = "discount-codes"
    CANCELLATION_TERMS = "cancellation-terms"

    @property
    def key(self) -> str:
        """The field of the document: `mini_move_packages` for packages."""
        return KEYS.get(self, self.value.replace("-", "_"))

    @property
    def is_single(self) -> bool:
        """Whether it is one object and no list."""
        return self in SINGLE


KEYS: Final = {BookSection.PACKAGES: "mini_move_packages"}
MEMBERS: Final = {BookSection.SERVICE_AREA: "zones", BookSection.CANCELLATION_TERMS: "tiers"}
"""Lists of the document that are one object here, by the one field they have."""
SINGLE: Final = frozenset({BookSection.STANDARD_DELIVERY, BookSection.FEES, *MEMBERS})
ZONE_NAME: Final = "name"
ZONE_ZIPS: Final = "zip_codes"


class SectionNotFoundError(DomainError):
    """The price book has no such part."""

    code = "price_book_section_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no part of the price book: {', '.join(BookSection)}")


class EntryNotFoundError(DomainError):
    """The section has no such entry."""

    code = "price_book_entry_not_found"

    def __init__(self, section: BookSection, entry_id: str) -> None:
        super().__init__(f"{section} has no entry {entry_id!r}")
        self.section, self.entry_id = section, entry_id


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An entry and its id: a UUID as text, a zone's name, or the word of a single section."""

    entry_id: str
    entry: Entry


def section_named(name: str) -> BookSection:
    """Return the section of a word in an address.

    Raises:
        SectionNotFoundError: there is none.
    """
    try:
        return BookSection(name)
    except ValueError as error:
        raise SectionNotFoundError(name) from error


def entries_of(document: Document, section: BookSection) -> tuple[NamedEntry, ...]:
    """Return the entries of a sound document in its order; a single section has one."""
    value = document.get(section.key)
    if section in MEMBERS:
        return (NamedEntry(section.value, {MEMBERS[section]: value or []}),)
    if section.is_single:
        return (NamedEntry(section.value, value or {}),)
    if section is BookSection.ZONES:
        zones: Mapping[str, Any] = value or {}
        return tuple(
            NamedEntry(name, {ZONE_NAME: name, ZONE_ZIPS: zips}) for name, zips in zones.items()
        )
    return tuple(NamedEntry(str(entry["id"]).lower(), entry) for entry in value or ())


def find_entry(document: Document, section: BookSection, word: str) -> NamedEntry:
    """Return the entry with this id, or else with this slug or code, without case.

    Raises:
        EntryNotFoundError: there is none.
    """
    entries, wanted = entries_of(document, section), word.casefold()
    for one in entries:
        if one.entry_id.casefold() == wanted:
            return one
    for one in entries:
        if words_of(one.entry) & {wanted}:
            return one
    raise EntryNotFoundError(section, word)


def words_of(entry: Entry) -> frozenset[str]:
    """Return the words, without case, that no other entry of its section may have."""
    named = (entry.get("slug"), entry.get("code"))
    return frozenset(word.casefold() for word in named if isinstance(word, str))


def with_entries(
    document: Document, section: BookSection, entries: Iterable[NamedEntry]
) -> dict[str, Any]:
    """Return the document with these entries as the whole section; all else stays as it is."""
    return {**document, section.key: _stored(section, list(entries))}


def _stored(section: BookSection, entries: list[NamedEntry]) -> object:
    if section in MEMBERS:
        return entries[0].entry.get(MEMBERS[section])
    if section.is_single:
        return entries[0].entry
    if section is BookSection.ZONES:
        return {one.entry_id: one.entry.get(ZONE_ZIPS) for one in entries}
    return [one.entry for one in entries]
