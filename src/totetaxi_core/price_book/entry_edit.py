"""An edit of one entry, to give to `edit_price_book`: afterwards it tells which entry it met."""

from dataclasses import dataclass, field
from typing import Any

from totetaxi_core.price_book.edit_book import (
    add_entry,
    change_entry,
    change_single,
    retire_entry,
)
from totetaxi_core.price_book.edit_price_book import BookEdit
from totetaxi_core.price_book.sections import (
    BookSection,
    Document,
    Entry,
    NamedEntry,
    entries_of,
    find_entry,
)


@dataclass(slots=True, kw_only=True)
class EntryEdit:
    """`word` names the entry, by id, slug or code; None adds one.

    `entry_id` is empty until the edit was applied.
    """

    section: BookSection
    apply: BookEdit
    word: str | None
    entry_id: str = field(default="", init=False)

    def __call__(self, document: Document) -> dict[str, Any]:
        edited = self.apply(document)
        if self.word is None:
            self.entry_id = entries_of(edited, self.section)[-1].entry_id
        else:
            self.entry_id = find_entry(document, self.section, self.word).entry_id
        return edited

    def entry_in(self, document: Document) -> NamedEntry | None:
        """Return the entry as it stands in a document, None where it was taken out."""
        entries = entries_of(document, self.section)
        return next((one for one in entries if one.entry_id == self.entry_id), None)


def adding(section: BookSection, entry: Entry, *, at: str = "") -> EntryEdit:
    return EntryEdit(
        section=section,
        apply=lambda document: add_entry(document, section, entry, at=at),
        word=None,
    )


def changing(section: BookSection, word: str, patch: Entry, *, at: str = "") -> EntryEdit:
    return EntryEdit(
        section=section,
        apply=lambda document: change_entry(document, section, word, patch, at=at),
        word=word,
    )


def changing_single(section: BookSection, patch: Entry, *, at: str = "") -> EntryEdit:
    return EntryEdit(
        section=section,
        apply=lambda document: change_single(document, section, patch, at=at),
        word=section.value,
    )


def retiring(section: BookSection, word: str) -> EntryEdit:
    return EntryEdit(
        section=section,
        apply=lambda document: retire_entry(document, section, word),
        word=word,
    )
