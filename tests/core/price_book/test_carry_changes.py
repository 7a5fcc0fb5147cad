"""Carrying one edit of a book onto another edit of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.price_book.small_document import Document, rule, small_document
from totetaxi_core.price_book.carry_changes import carry_changes
from totetaxi_core.price_book.repository import PriceBookConflictError

BASE = small_document(surcharge_rules=[rule("a"), rule("b", zones=["city", "shore"])])
FEES = {**BASE["fees"], "coi_cents": 900}
CODES = [{"id": "1", "code": "VIP"}]
EDITS: tuple[Document, ...] = (
    {**BASE, "fees": FEES},
    {**BASE, "title": "Other"},
    {**BASE, "discount_codes": CODES},
    {**BASE, "surcharge_rules": [rule("a", amount_cents=5), BASE["surcharge_rules"][1]]},
    {**BASE, "surcharge_rules": BASE["surcharge_rules"][:1]},
    {**BASE, "zones": {**BASE["zones"], "city": ["10001", "10003"]}},
    BASE,
)


@given(mine=st.sampled_from(EDITS), theirs=st.sampled_from(EDITS))
def test_given_two_edits_of_different_things_when_carried_then_either_way_is_the_same(
    mine: Document, theirs: Document
) -> None:
    there = carry_changes(BASE, mine, theirs)
    back = carry_changes(BASE, theirs, mine)

    assert there == back
    assert carry_changes(BASE, mine, BASE) == mine
    assert carry_changes(BASE, BASE, theirs) == theirs


def test_given_an_entry_added_each_way_when_carried_then_both_are_there_and_order_is_kept() -> None:
    first, second = BASE["surcharge_rules"]
    mine = {**BASE, "surcharge_rules": [second, first, rule("mine")]}
    theirs = {**BASE, "surcharge_rules": [first, second, rule("theirs")]}

    merged: Any = carry_changes(BASE, mine, theirs)

    slugs = [one["slug"] for one in merged["surcharge_rules"]]
    assert slugs == ["b", "a", "mine", "theirs"]


def test_given_zips_added_and_removed_when_carried_then_both_count() -> None:
    mine = {**BASE, "zones": {**BASE["zones"], "city": ["10002", "10003"]}}
    theirs = {**BASE, "zones": {**BASE["zones"], "city": ["10001", "10002", "10004"]}}

    merged: Any = carry_changes(BASE, mine, theirs)

    assert merged["zones"]["city"] == ["10002", "10004", "10003"]


def test_given_the_same_thing_changed_twice_when_carried_then_each_clash_is_named() -> None:
    mine = {**BASE, "title": "M", "fees": FEES, "surcharge_rules": []}
    changed = [rule("a", amount_cents=7), BASE["surcharge_rules"][1]]
    theirs = {
        **BASE,
        "title": "T",
        "fees": {**FEES, "coi_cents": 901},
        "surcharge_rules": changed,
    }

    with pytest.raises(PriceBookConflictError) as refusal:
        carry_changes(BASE, mine, theirs)

    told = str(refusal.value)
    assert all(
        path in told for path in ("title", "fees.coi_cents", f"surcharge_rules.{changed[0]['id']}")
    )
