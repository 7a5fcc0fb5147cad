"""One entry of a price book's document: added, changed, retired; every fault by its path."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest

from tests.core.price_book.small_document import code, entry, id_of, rule, small_document
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.edit_book import (
    EntryExistsError,
    SectionShapeError,
    add_entry,
    change_entry,
    change_single,
    retire_entry,
)
from totetaxi_core.price_book.sections import (
    BookSection,
    EntryNotFoundError,
    SectionNotFoundError,
    entries_of,
    find_entry,
    section_named,
)
from totetaxi_core.refusal import DomainError, InvalidInputError

ITEMS, ZONES = BookSection.SPECIALTY_ITEMS, BookSection.ZONES
CODES, RULES = BookSection.DISCOUNT_CODES, BookSection.SURCHARGE_RULES
AREA, TERMS = BookSection.SERVICE_AREA, BookSection.CANCELLATION_TERMS
PIANO = {"slug": "piano", "name": "Piano", "price_cents": 90_000}


def with_rules() -> dict[str, Any]:
    return small_document(
        surcharge_rules=[rule("early", time_end="09:00"), rule("shore", zones=["shore"])],
        discount_codes=[code("VIP")],
    )


def faults(act: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as refusal:
        act()
    return [(fault.field, fault.code) for fault in refusal.value.faults]


def test_given_the_default_book_when_its_sections_are_read_then_every_field_of_it_has_one() -> None:
    document = PriceBook.default().document

    entries = {section: entries_of(document, section) for section in BookSection}

    named = {section.key for section in BookSection}
    assert set(document) - named == {"title", "currency", "points"}
    assert [one.entry["slug"] for one in entries[BookSection.PACKAGES]] == [
        "petite",
        "standard",
        "full",
    ]
    assert entries[ZONES][0].entry_id == "manhattan"
    assert entries[AREA][0].entry["zones"][:2] == ["manhattan", "hamptons_west"]
    assert len(entries[TERMS][0].entry["tiers"]) == 3
    assert entries[BookSection.FEES][0].entry["coi_cents"] == 5_000


def test_given_an_unknown_section_when_named_then_it_is_refused_with_those_there_are() -> None:
    with pytest.raises(SectionNotFoundError, match="tax-rules"):
        section_named("taxes")

    assert section_named("tax-rules") is BookSection.TAX_RULES


@pytest.mark.parametrize("word", [str(id_of("bike")), str(id_of("bike")).upper(), "bike", "Bike"])
def test_given_an_entry_when_found_by_id_or_slug_then_it_is_the_same(word: str) -> None:
    found = find_entry(small_document(), ITEMS, word)

    assert (found.entry_id, found.entry["name"]) == (str(id_of("bike")), "Bike")


def test_given_an_entry_without_an_id_when_added_then_it_comes_last_with_one() -> None:
    document = small_document()
    before = deepcopy(document)

    edited = add_entry(document, ITEMS, PIANO)

    *others, added = edited["specialty_items"]
    assert document == before
    assert others == before["specialty_items"]
    assert {**added, "id": None} == {**PIANO, "id": None}
    assert PriceBook.from_document(edited).specialty_items[-1].id.int


def test_given_zones_when_one_is_added_and_served_then_its_zips_are() -> None:
    north = {"name": "north", "zip_codes": ["10801", "10802"]}

    added = add_entry(small_document(), ZONES, north)
    served = change_single(added, AREA, {"zones": [*added["service_area"], "north"]})

    assert PriceBook.from_document(added).zone_of("10801") is None
    assert PriceBook.from_document(served).zone_of("10801") == "north"


@pytest.mark.parametrize("name", ["north/south", "/", ".", ".."])
def test_given_a_name_no_address_can_have_when_a_zone_is_added_then_it_is_refused(
    name: str,
) -> None:
    zone = {"name": name, "zip_codes": ["10801"]}

    found = faults(lambda: add_entry(small_document(), ZONES, zone, at="entry"))

    assert found == [("entry.name", "invalid_name")]


def test_given_a_book_that_has_such_a_zone_when_edited_then_it_stays_and_can_be_changed() -> None:
    document = small_document(zones={**small_document()["zones"], "north/south": ["10801"]})
    north = {"name": "north", "zip_codes": ["10802"]}

    added = add_entry(document, ZONES, north)
    changed = change_entry(added, ZONES, "north/south", {"zip_codes": ["10803"]})

    assert PriceBook.from_document(changed).zones["north/south"] == {"10803"}
    assert retire_entry(changed, ZONES, "north/south")["zones"].keys() == added["zones"].keys() - {
        "north/south"
    }


def test_given_an_entry_when_changed_then_null_takes_away_what_may_be_left_out() -> None:
    document = small_document(specialty_items=[entry("bike", price_cents=1, description="x")])

    edited = change_entry(document, ITEMS, "bike", {"price_cents": 2, "description": None})
    again = change_entry(edited, ITEMS, "bike", {"price_cents": 2, "description": None})

    assert edited["specialty_items"] == [entry("bike", price_cents=2)]
    assert again == edited


def test_given_a_null_that_stands_there_when_sent_again_then_nothing_changes() -> None:
    document = PriceBook.default().document

    edited = change_entry(document, BookSection.PACKAGES, "full", {"max_items": None})

    assert edited == document


def test_given_a_rule_when_its_kind_is_changed_then_the_other_amount_must_go_along() -> None:
    document = with_rules()
    share = {"kind": "percentage", "rate_bp": 1_500}

    edited = change_entry(document, RULES, "early", {**share, "amount_cents": None})

    assert edited["surcharge_rules"][0]["rate_bp"] == 1_500
    assert faults(lambda: change_entry(document, RULES, "early", share)) == [
        ("amount_cents", "unknown_field")
    ]


@pytest.mark.parametrize("section", [one for one in BookSection if one.key in small_document()])
def test_given_any_section_when_an_entry_gets_an_unknown_field_then_it_is_named_within_it(
    section: BookSection,
) -> None:
    document = with_rules() | {
        "tax_rules": [entry("tax", rate_bp=825, line_kinds=["base"])],
    }
    entry_id = entries_of(document, section)[-1].entry_id

    found = faults(lambda: change_entry(document, section, entry_id, {"colour": 1}, at="changes"))

    assert found == [("changes.colour", "unknown_field")]


@pytest.mark.parametrize(
    ("section", "word", "patch", "told"),
    [
        (
            ITEMS,
            "board",
            {"price_cents": -1, "name": 5},
            [("x.name", "wrong_type"), ("x.price_cents", "out_of_range")],
        ),
        (ITEMS, "board", {"price_cents": None}, [("x.price_cents", "missing")]),
        (ITEMS, "board", {"id": str(id_of("bike"))}, [("x.id", "immutable")]),
        (RULES, "shore", {"zones": ["shore", "moon"]}, [("x.zones.1", "unknown_zone")]),
        (ZONES, "shore", {"zip_codes": ["11937", "1193"]}, [("x.zip_codes.1", "invalid_zip")]),
        (ZONES, "shore", {"zip_codes": None}, [("x.zip_codes", "empty")]),
        (ZONES, "shore", {"name": "beach"}, [("x.name", "immutable")]),
        (AREA, "service-area", {"zones": ["city", "moon"]}, [("x.zones.1", "unknown_zone")]),
        (AREA, "service-area", {"zones": None}, [("x.zones", "missing")]),
        (TERMS, "cancellation-terms", {"tiers": None}, [("x.tiers", "missing")]),
        (
            TERMS,
            "cancellation-terms",
            {"tiers": [{"notice_hours": 1}]},
            [("x.tiers.0.refund_bp", "missing")],
        ),
        (BookSection.FEES, "fees", {"coi_cents": "5"}, [("x.coi_cents", "wrong_type")]),
    ],
)
def test_given_bad_changes_when_made_then_each_is_named_by_its_path(
    section: BookSection, word: str, patch: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    document = with_rules()

    found = faults(lambda: change_entry(document, section, word, patch, at="x"))

    assert sorted(found) == sorted(told)


@pytest.mark.parametrize(
    ("section", "added", "told"),
    [
        (
            ITEMS,
            {"name": "Piano"},
            [("id", "missing"), ("price_cents", "missing"), ("slug", "missing")],
        ),
        (ITEMS, {**PIANO, "id": 7}, [("id", "wrong_type")]),
        (ITEMS, {**PIANO, "id": [7]}, [("id", "wrong_type")]),
        (ZONES, {"zip_codes": ["10001"]}, [("name", "missing")]),
        (ZONES, {"name": "x\0", "zip_codes": ["10001"]}, [("name", "invalid_name")]),
        (
            CODES,
            {"code": " A", "kind": "fixed"},
            [("amount_cents", "missing"), ("code", "untrimmed")],
        ),
    ],
)
def test_given_a_bad_entry_when_added_then_each_fault_is_named_within_it(
    section: BookSection, added: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    document = with_rules()

    found = faults(lambda: add_entry(document, section, added))

    assert sorted(found) == sorted(told)


@pytest.mark.parametrize(
    ("section", "twin"),
    [
        (ITEMS, {**PIANO, "slug": "Bike"}),
        (ITEMS, {**PIANO, "slug": "retired-item"}),
        (ITEMS, {**PIANO, "id": str(id_of("bike")).upper()}),
        (CODES, code("vip") | {"id": str(id_of("other"))}),
        (ZONES, {"name": "City", "zip_codes": ["10001"]}),
    ],
)
def test_given_a_twin_when_added_then_it_exists_already(
    section: BookSection, twin: dict[str, Any]
) -> None:
    document = with_rules()

    with pytest.raises(EntryExistsError) as refusal:
        add_entry(document, section, twin)

    assert refusal.value.code == "price_book_entry_exists"


def test_given_another_entry_s_slug_when_an_entry_takes_it_then_it_exists_already() -> None:
    with pytest.raises(EntryExistsError, match="bike"):
        change_entry(small_document(), ITEMS, "board", {"slug": "bike"})


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda book: change_entry(book, ITEMS, "harp", {}), EntryNotFoundError),
        (lambda book: retire_entry(book, ZONES, "moon"), EntryNotFoundError),
        (lambda book: add_entry(book, BookSection.FEES, {}), SectionShapeError),
        (lambda book: retire_entry(book, AREA, "service-area"), SectionShapeError),
        (lambda book: change_single(book, ZONES, {}), SectionShapeError),
    ],
)
def test_given_nothing_to_edit_when_edited_then_it_is_refused(
    act: Callable[[object], object], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        act(small_document())


def test_given_an_entry_when_retired_then_it_stays_and_is_not_offered() -> None:
    edited = retire_entry(small_document(), ITEMS, "bike")

    assert edited["specialty_items"][0] == entry("bike", price_cents=1_111, is_active=False)
    assert len(edited["specialty_items"]) == 3


def test_given_a_zone_when_retired_then_it_is_gone_unless_something_names_it() -> None:
    document = with_rules()

    edited = retire_entry(document, ZONES, "far")

    assert list(edited["zones"]) == ["city", "shore", "west"]
    assert faults(lambda: retire_entry(document, ZONES, "shore")) == [
        ("service_area.1", "unknown_zone"),
        ("surcharge_rules.1.zones.0", "unknown_zone"),
    ]


def test_given_the_id_of_zeros_when_an_entry_takes_it_then_it_is_none() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        add_entry(small_document(), ITEMS, {**PIANO, "id": str(UUID(int=0))})

    assert [(one.field, one.code) for one in refusal.value.faults] == [("id", "wrong_type")]
