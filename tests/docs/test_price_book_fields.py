"""The chapter on entries lists every field of every section, and those that must be sent."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest

from totetaxi_core.catalog import (
    BladeService,
    Fees,
    MiniMovePackage,
    OrganizingService,
    SpecialtyItem,
    StandardDelivery,
)
from totetaxi_core.price_book.cancellation_terms import CancellationTier
from totetaxi_core.price_book.discount_code import DiscountCode
from totetaxi_core.price_book.edit_book import add_entry, change_single
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.sections import BookSection, entries_of
from totetaxi_core.price_book.surcharge_rule import SurchargeRule
from totetaxi_core.price_book.tax_rule import TaxRule
from totetaxi_core.refusal import faults_of

CHAPTER: Final = (Path(__file__).parents[2] / "docs" / "price-book.md").read_text("utf-8")
ROW: Final = re.compile(r"^\| `([a-z-]+)` \| (.*`.*) \|$", re.MULTILINE)
ROWS: Final = dict(ROW.findall(CHAPTER))
KINDS: Final[dict[BookSection, Any]] = {
    BookSection.PACKAGES: MiniMovePackage,
    BookSection.ORGANIZING_SERVICES: OrganizingService,
    BookSection.SPECIALTY_ITEMS: SpecialtyItem,
    BookSection.STANDARD_DELIVERY: StandardDelivery,
    BookSection.BLADE_SERVICES: BladeService,
    BookSection.SURCHARGE_RULES: SurchargeRule,
    BookSection.TAX_RULES: TaxRule,
    BookSection.FEES: Fees,
    BookSection.DISCOUNT_CODES: DiscountCode,
}
WORKED_OUT: Final = {"is_geographic"}
"""Fields of a rule that are no fields of the document."""


def named(text: str) -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", text))


def required(text: str) -> set[str]:
    return set(re.findall(r"\*\*`([a-z_]+)`\*\*", text))


def test_given_the_chapter_when_read_then_it_has_a_row_for_every_section() -> None:
    assert sorted(ROWS) == sorted(BookSection)


@pytest.mark.parametrize(("section", "kind"), KINDS.items())
def test_given_a_section_when_compared_then_its_row_has_its_fields(
    section: BookSection,
    kind: Any,  # noqa: ANN401  one of the book's dataclasses
) -> None:
    assert named(ROWS[section]) == {field.name for field in fields(kind)} - WORKED_OUT


def test_given_sections_that_wrap_a_list_when_compared_then_their_rows_have_their_fields() -> None:
    document = PriceBook.default().document

    shown = {
        section: set(entries_of(document, section)[0].entry)
        for section in (BookSection.ZONES, BookSection.SERVICE_AREA)
    }

    tier = {field.name for field in fields(CancellationTier)}
    assert {section: named(ROWS[section]) for section in shown} == shown
    assert named(ROWS[BookSection.CANCELLATION_TERMS]) == {"tiers"} | tier


@pytest.mark.parametrize("section", KINDS)
def test_given_a_section_when_all_is_left_out_then_what_is_missing_is_bold(
    section: BookSection,
) -> None:
    document = PriceBook.default().document
    nothing = dict.fromkeys(named(ROWS[section]))

    found = faults_of(
        lambda: (
            change_single(document, section, nothing)
            if section.is_single
            else add_entry(document, section, {"kind": None})
        )
    )

    missing = {fault.field for fault in found if fault.code == "missing"}
    choice = {"amount_cents", "rate_bp"} if "kind" in required(ROWS[section]) else set()
    assert missing - {"id"} - choice == required(ROWS[section])
