"""Price books as files: what people wrote stays, and every fault has its place."""

import json
from typing import Any

import pytest

from tests.core.price_book.small_document import code, rule, small_book, small_document
from totetaxi_adapters.book_file import read_book_file, write_book_file
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat, SourceText
from totetaxi_core.refusal import InvalidInputError

DEFAULT = PriceBook.default()
RULES = [rule("a", service_type="mini_move"), rule("b", zip_codes=["07302"]), rule("c")]


def faults_in(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidInputError) as refusal:
        read_book_file(text)
    return [(fault.field, fault.code, fault.message) for fault in refusal.value.faults]


def line_with(text: str, part: str) -> int:
    return 1 + next(index for index, line in enumerate(text.splitlines()) if part in line)


@pytest.mark.parametrize("written", list(BookFormat))
def test_given_the_default_book_when_written_and_read_then_it_is_the_same(
    written: BookFormat,
) -> None:
    text = write_book_file(DEFAULT, format=written)

    draft = read_book_file(text)

    assert draft.book().digest == DEFAULT.digest
    assert (draft.based_on, draft.format, draft.source_text) == (1, written, text)


def test_given_a_file_with_comments_when_its_version_is_written_then_each_character_stays() -> None:
    edited = write_book_file(DEFAULT).replace(
        "    amount_cents: 17500\n", "    amount_cents: 20000   # was 175, Maria\n", 1
    )
    draft = read_book_file(edited)

    again = write_book_file(draft.book(version=2), source=draft.source)

    assert "20000   # was 175, Maria" in again
    assert again == edited.replace("based_on: 1", "based_on: 2")


@pytest.mark.parametrize("written", list(BookFormat))
def test_given_entries_changed_elsewhere_when_written_then_the_rest_keeps_order_and_comments(
    written: BookFormat,
) -> None:
    shuffled = dict(reversed(small_document(surcharge_rules=RULES).items()))
    text = write_book_file(PriceBook.from_document(shuffled), format=BookFormat.JSON)
    if written is BookFormat.YAML:
        text = write_book_file(PriceBook.from_document(shuffled))
        text = text.replace("slug: c\n", "slug: c  # the last\n").replace("fees:", "# ours\nfees:")
    changed = small_book(
        surcharge_rules=[{**RULES[2], "amount_cents": 7}, RULES[0], rule("d")],
        discount_codes=[code("VIP")],
        title="Other",
    )

    again = write_book_file(changed, source=SourceText(text=text, format=written), format=written)

    assert read_book_file(again).book().digest == changed.digest
    if written is BookFormat.YAML:
        assert "slug: c  # the last\n" in again
        assert "# ours\nfees:" in again
    else:
        first = json.loads(text)
        kept = [name for name in json.loads(again) if name != "based_on"]
        assert kept == [name for name in first if name != "based_on"]


def test_given_zips_and_dates_without_quotes_when_read_then_they_are_text() -> None:
    text = """
      - {slug: e, name: E, kind: fixed, amount_cents: 1, zip_codes: [07302, 10001],
         date_from: 2027-05-01, time_start: 07:30}
    """
    document: Any = small_document()
    whole = write_book_file(small_book(surcharge_rules=[])).replace(
        "surcharge_rules: []", f"surcharge_rules:{text}"
    )

    [read] = read_book_file(whole).book().surcharge_rules

    assert read.zip_codes == {"07302", "10001"}
    assert (str(read.date_from), str(read.time_start)) == ("2027-05-01", "07:30:00")
    assert document["zones"]["west"] == ["07302"]


def test_given_entries_without_an_id_when_read_then_each_gets_its_own_and_always_the_same() -> None:
    bare = [{key: value for key, value in one.items() if key != "id"} for one in RULES]
    text = json.dumps({**small_document(), "surcharge_rules": bare})

    first, again = (read_book_file(text).book().surcharge_rules for _ in range(2))
    renamed = [{**bare[0], "id": str(first[0].id), "slug": "z"}, *bare]
    third = read_book_file(json.dumps({**small_document(), "surcharge_rules": renamed}))

    assert [one.id for one in first] == [one.id for one in again]
    assert len({one.id for one in first}) == 3
    ids = [one.id for one in third.book().surcharge_rules]
    assert ids[0] == first[0].id != ids[1]


def test_given_many_faults_when_read_then_each_is_named_with_its_path_and_line() -> None:
    text = (
        write_book_file(DEFAULT)
        .replace("amount_cents: 17500", "amount_cents: lots", 1)
        .replace("- essex_county_nj", "- esex", 1)
        .replace("  same_day_cents: 36000\n", "")
        .replace("based_on: 1", "based_on: now")
    )

    assert faults_in(text) == [
        (
            "based_on",
            "wrong_type",
            f"must be a version such as 3 (line {line_with(text, 'based_on')})",
        ),
        ("fees.same_day_cents", "missing", f"is required (line {line_with(text, 'fees:')})"),
        (
            "surcharge_rules.0.amount_cents",
            "wrong_type",
            f"must be a whole number (line {line_with(text, 'lots')})",
        ),
        (
            "surcharge_rules.18.zones.0",
            "unknown_zone",
            f"esex is not a zone of this book (line {line_with(text, 'esex')})",
        ),
    ]


def test_given_json_with_a_fault_when_read_then_its_line_is_told_too() -> None:
    text = write_book_file(DEFAULT, format=BookFormat.JSON).replace('"Petite"', "7", 1)

    [fault] = faults_in(text)

    line = line_with(text, '"name": 7')
    assert fault == ("mini_move_packages.0.name", "wrong_type", f"must be text (line {line})")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("a: [1", "not_yaml", "line 1: expected"),
        ("a: 1\nb: &x [2]\nc: *x", "not_yaml", "aliases (*) are not read here"),
        ("a: 1\na: 2", "not_yaml", "line 2: found duplicate key"),
        ("[" * 3_000, "not_yaml", "maximum depth"),
        ("a: \x00", "not_yaml", "special characters"),
        ("--- 1\n--- 2", "not_yaml", "line 2"),
        ('{"a": 1,', "not_json", "line 1: "),
        ('{"a": 1, "a": 2}', "not_json", "'a' stands twice"),
        ('{"a": NaN}', "not_json", "NaN is no number"),
        ('{"a": ' + "[" * 100_000, "not_json", ""),
        ("x" * 5_000_001, "too_long", "must be at most 5,000,000 characters"),
    ],
)
def test_given_what_is_no_file_of_ours_when_read_then_it_is_refused_with_its_place(
    text: str, code: str, told: str
) -> None:
    [fault] = faults_in(text)

    assert fault[:2] == ("file", code)
    assert told in fault[2]


@pytest.mark.parametrize("text", ["", "7", "- a", "!!python/object:os.system x", "a: !x 3"])
def test_given_yaml_that_is_no_book_when_read_then_its_fields_are_named(text: str) -> None:
    faults = faults_in(text)

    assert {fault[1] for fault in faults} <= {"wrong_type", "missing", "unknown_field"}
    assert faults


@pytest.mark.parametrize("written", ["true", "false", "-10001"])
def test_given_a_zip_that_is_none_when_read_then_it_is_refused_and_not_made_one(
    written: str,
) -> None:
    text = write_book_file(DEFAULT).replace("  manhattan: [", f"  manhattan: [{written}, ", 1)

    [(field, code, _)] = faults_in(text)

    assert (field, code) == ("zones.manhattan.0", "wrong_type")


@pytest.mark.parametrize("slug", ["\\ud800", "\\u0000"])
def test_given_a_slug_that_cannot_be_stored_and_no_id_when_read_then_it_is_refused(
    slug: str,
) -> None:
    text = json.dumps(small_document(surcharge_rules=[{**rule("a"), "id": None, "slug": "zz"}]))

    faults = faults_in(text.replace('"zz"', f'"{slug}"'))

    assert ("surcharge_rules.0.slug", "unstorable") in [fault[:2] for fault in faults]
