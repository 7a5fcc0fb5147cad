"""An edit of one entry changes nothing else; a version seen too long ago never stores."""

import asyncio
import os
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.price_book.small_document import code, rule, small_document, tax
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.edit_book import (
    EntryExistsError,
    add_entry,
    change_entry,
    retire_entry,
)
from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.entry_edit import changing
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.sections import BookSection, entries_of
from totetaxi_core.refusal import DomainError, InvalidInputError

Document = dict[str, Any]
EXAMPLES: Final = 500 if os.environ.get("TOTETAXI_SOAK") else 40
CENTS: Final = st.integers(min_value=-5, max_value=100_000)
WORDS: Final = st.text(max_size=6)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
FIELDS: Final = WORDS | st.sampled_from(
    ["id", "slug", "code", "name", "zip_codes", "zones", "tiers", "kind", "valid_from", "is_active"]
)
ZIPS: Final = st.lists(st.sampled_from(["10001", "10003", "11937", "90210", "123"]), max_size=3)
PATCHES: Final[Mapping[BookSection, Mapping[str, st.SearchStrategy[object]]]] = {
    BookSection.PACKAGES: {"base_price_cents": CENTS, "name": WORDS, "max_items": CENTS},
    BookSection.SPECIALTY_ITEMS: {"price_cents": CENTS, "slug": WORDS, "is_active": st.booleans()},
    BookSection.SURCHARGE_RULES: {"amount_cents": CENTS, "zip_codes": ZIPS, "priority": CENTS},
    BookSection.TAX_RULES: {"rate_bp": CENTS, "name": WORDS},
    BookSection.DISCOUNT_CODES: {"amount_cents": CENTS, "max_uses": CENTS, "code": WORDS},
    BookSection.ZONES: {"zip_codes": ZIPS},
}


def a_document() -> Document:
    return small_document(
        surcharge_rules=[rule("one"), rule("two", zones=["shore"])],
        tax_rules=[tax("tax", 800, "base"), tax("levy", 100, "organizing")],
        discount_codes=[code("VIP"), code("SPRING")],
    )


DOCUMENT: Final = a_document()


def keyed(document: Document, section: BookSection) -> dict[str, Any]:
    """Return the section's own part of the document by id, read without the code under test."""
    part = document[section.key]
    return dict(part) if isinstance(part, dict) else {one["id"]: one for one in part}


@st.composite
def edits(draw: st.DrawFn) -> tuple[BookSection, str, dict[str, object]]:
    section = draw(st.sampled_from(sorted(PATCHES)))
    entry_id = draw(st.sampled_from(sorted(keyed(DOCUMENT, section))))
    fields = PATCHES[section]
    patch = draw(st.fixed_dictionaries({}, optional={**fields, "surprise": WORDS}))
    return section, entry_id, patch


@given(one=edits())
def test_given_any_patch_when_an_entry_is_changed_then_all_else_of_the_document_stays(
    one: tuple[BookSection, str, dict[str, object]],
) -> None:
    section, entry_id, patch = one
    before = deepcopy(DOCUMENT)

    try:
        edited = change_entry(DOCUMENT, section, entry_id, patch)
    except (InvalidInputError, EntryExistsError):
        edited = DOCUMENT

    was, now = keyed(before, section), keyed(edited, section)
    assert before == DOCUMENT
    assert {name: value for name, value in edited.items() if name != section.key} == {
        name: value for name, value in before.items() if name != section.key
    }
    assert list(was) == list(now)
    assert {key for key in was if was[key] != now[key]} <= {entry_id}
    assert {name for name, _ in differing(was[entry_id], now[entry_id])} <= set(patch)


@given(one=edits())
def test_given_any_entry_when_retired_then_all_others_stay(
    one: tuple[BookSection, str, dict[str, object]],
) -> None:
    section, entry_id, _ = one

    try:
        edited = retire_entry(DOCUMENT, section, entry_id)
    except InvalidInputError:
        edited = DOCUMENT  # a zone that is named

    was, now = keyed(DOCUMENT, section), keyed(edited, section)
    assert {**edited, section.key: None} == {**DOCUMENT, section.key: None}
    assert {key for key in was if was[key] != now.get(key)} <= {entry_id}
    assert differing(was[entry_id], now.get(entry_id, {})) <= {("is_active", False)} or (
        section is BookSection.ZONES
    )


@given(price_cents=st.integers(min_value=0, max_value=1_000_000), slug=WORDS)
def test_given_any_entry_when_added_then_those_before_it_stay_in_their_order(
    price_cents: int, slug: str
) -> None:
    entry = {"slug": slug, "name": "New", "price_cents": price_cents}

    try:
        edited = add_entry(DOCUMENT, BookSection.SPECIALTY_ITEMS, entry)
    except (InvalidInputError, EntryExistsError):
        edited = DOCUMENT

    before = DOCUMENT["specialty_items"]
    assert edited["specialty_items"][: len(before)] == before
    assert len(edited["specialty_items"]) <= len(before) + 1
    assert {**edited, "specialty_items": None} == {**DOCUMENT, "specialty_items": None}


@given(section=st.sampled_from(BookSection), sent=st.dictionaries(FIELDS, JSON, max_size=4))
def test_given_any_json_when_sent_as_an_entry_then_it_is_sound_or_a_refusal(
    section: BookSection, sent: dict[str, object]
) -> None:
    found = entries_of(DOCUMENT, section)[0]

    edited = [
        outcome(lambda: add_entry(DOCUMENT, section, sent)),
        outcome(lambda: add_entry(DOCUMENT, section, {**found.entry, "id": None, **sent})),
        outcome(lambda: change_entry(DOCUMENT, section, found.entry_id, sent)),
    ]

    assert all(PriceBook.from_document(one).digest for one in edited if isinstance(one, dict))
    assert [one for one in edited if isinstance(one, DomainError) and not one.code] == []


def outcome(act: Callable[[], Document]) -> Document | DomainError:
    try:
        return act()
    except DomainError as error:
        return error


@settings(max_examples=EXAMPLES)
@given(seen=st.lists(st.integers(min_value=1, max_value=6), min_size=1, max_size=6))
def test_given_any_versions_seen_when_edited_then_only_the_one_in_effect_stores(
    seen: list[int],
) -> None:
    stored, refused = asyncio.run(edit_by(seen))

    assert stored + refused == len(seen)
    assert stored == naive_stored(seen)


async def edit_by(seen: list[int]) -> tuple[int, int]:
    """Return how many of the edits, one after another, were stored, and how many refused."""
    house, refused = MemoryHouse(), 0
    await house.publish(PriceBook.from_document(DOCUMENT), based_on=0)
    for number, version in enumerate(seen):
        edit = changing(BookSection.FEES, "fees", {"coi_cents": 600 + number})
        try:
            await edit_price_book(edit, house.ports, based_on=version, reason="x", by="maria")
        except PriceBookConflictError:
            refused += 1
    async with house.ports.unit_of_work() as uow:
        versions = await uow.price_books.history(limit=50)
    assert len(house.acts()) == len(versions) - 1
    return len(versions) - 1, refused


def naive_stored(seen: list[int]) -> int:
    current = 1
    for version in seen:
        current += version == current
    return current - 1


def differing(was: object, now: object) -> set[tuple[str, object]]:
    """Return the fields that differ, with what they are now; a list is one nameless field."""
    if not isinstance(was, dict) or not isinstance(now, dict):
        return set() if was == now else {("zip_codes", None)}
    return {
        (name, now.get(name) if isinstance(now.get(name), bool) else None)
        for name in {*was, *now}
        if was.get(name) != now.get(name)
    }
