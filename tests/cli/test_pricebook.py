"""The price book on the command line: what a member of staff does to change a price."""

from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Outcome, Runner, open_starts, order_of
from tests.cli.staffing import hire
from totetaxi_core.price_book import PriceBook

AS_MARIA = ("--as", "maria")
NOON = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=-5)))


@pytest.fixture
def at_noon(totetaxi: Runner) -> Command:
    """Run commands of a Monday in November, each a minute after the one before."""
    minutes = count()

    def run(*arguments: str) -> Outcome:
        now = NOON + timedelta(minutes=next(minutes))
        return totetaxi(*arguments, TOTETAXI_NOW=now.isoformat())

    return run


@pytest.fixture
def file(at_noon: Command, tmp_path: Path) -> Path:
    """Return the book in effect as a file."""
    path = tmp_path / "book.yaml"
    assert at_noon("pricebook", "export", "--out", str(path)).code == 0
    return path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_given_the_default_book_when_shown_then_its_prices_are_readable(totetaxi: Runner) -> None:
    shown = totetaxi("pricebook", "show")

    rows = [line.split() for line in shown.out.splitlines()]
    assert shown.code == 0
    assert ["petite", "Petite", "$995.00", "15", "2"] in rows
    assert next(row[:3] for row in rows if row and row[0] == "weekend-mini_move") == [
        "weekend-mini_move",
        "$175.00",
        "mini_move",
    ]
    assert any(row[-3:] == ["8.25", "%", "organizing"] for row in rows)


def test_given_json_when_shown_then_it_is_the_document_itself(totetaxi: Runner) -> None:
    shown = totetaxi("pricebook", "show", "--json")

    assert PriceBook.from_document(shown.json).digest == PriceBook.default().digest


def test_given_a_dearer_weekend_when_published_from_may_then_it_waits_and_the_rest_goes_on(
    totetaxi: Runner, at_noon: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(totetaxi, monkeypatch, "lou", "admin")
    hire(
        totetaxi, monkeypatch, "maria", "operations", "--flag", "can_manage_pricing", "--as", "lou"
    )
    hire(totetaxi, monkeypatch, "nick", "operations", "--as", "lou")
    edit(file, "amount_cents: 17500", "amount_cents: 20000  # Maria, for spring")
    spring = ("publish", str(file), "--reason", "Spring", "--from", "2027-05-01")

    told = at_noon("pricebook", "diff", str(file))
    refused = at_noon("pricebook", *spring, "--as", "nick", "--yes")
    published = at_noon("pricebook", *spring, *AS_MARIA, "--yes")
    shown = at_noon("pricebook", "show")
    in_may = at_noon("pricebook", "show", "--at", "2027-05-01")
    before = at_noon("pricebook", "show", "--at", "2027-04-30T23:59")
    listed = at_noon("pricebook", "history", "--json").json["results"]
    exported = at_noon("pricebook", "export", "--version", "2")

    assert told.out.splitlines() == [
        "One change to version 1:",
        "- Surcharge “Weekend, mini move”: the amount rises from $175.00 to $200.00.",
        "    for mini moves picked up on Saturdays, Sundays",
    ]
    assert (refused.code, refused.err.split(":")[0]) == (1, "permission_denied")
    assert published.out == "published version 2, in effect from 2027-05-01 00:00 on (New York)\n"
    assert "version 2, from 2027-05-01 00:00 (New York)" in shown.out
    assert ["weekend-mini_move", "$175.00"] in [line.split()[:2] for line in shown.out.splitlines()]
    assert ["weekend-mini_move", "$200.00"] in [
        line.split()[:2] for line in in_may.out.splitlines()
    ]
    assert "version          1" in before.out
    assert [(one["version"], one["state"], one["reason"]) for one in listed] == [
        (2, "waiting", "Spring"),
        (1, "in_effect", None),
    ]
    assert listed[0]["effective_at"] == "2027-05-01T04:00:00Z"
    assert exported.out == file.read_text().replace("based_on: 1", "based_on: 2")


def test_given_a_version_that_waits_when_prices_change_at_once_then_it_gets_the_change_too(
    at_noon: Command, file: Path
) -> None:
    def run(*arguments: str) -> Outcome:
        return at_noon("pricebook", *arguments, *AS_MARIA, "--yes")

    code_file = file.with_name("code.json")
    at_noon("pricebook", "export", "--format", "json", "--out", str(code_file))
    vip = '"discount_codes": [{"code": "VIP", "kind": "percentage", "rate_bp": 1000}]'
    edit(code_file, '"discount_codes": []', vip)
    edit(file, "amount_cents: 17500", "amount_cents: 20000")

    run("publish", str(file), "--reason", "Spring", "--from", "2027-05-01")
    at_once = run("publish", str(code_file), "--reason", "VIPs")
    again = run("publish", str(code_file), "--reason", "VIPs")
    in_may = at_noon("pricebook", "show", "--at", "2027-05-01", "--json").json
    withdrawn = run("withdraw", "4", "--reason", "Too early")
    back = run("rollback", "1", "--reason", "No codes", "--json").json
    acts = at_noon("audit", "list", "--json").json["results"]

    assert at_once.out == (
        "published version 3, in effect now; version 4 waits for 2027-05-01 00:00 with the same"
        " changes\n"
    )
    assert (again.code, again.err.split(":")[0]) == (1, "price_book_conflict")
    assert in_may["discount_codes"][0]["code"] == "VIP"
    assert in_may["surcharge_rules"][0]["amount_cents"] == 20_000
    assert withdrawn.out == "withdrew version 4; 3 stays in effect\n"
    assert (back["version"], back["state"], back["based_on"]) == (5, "in_effect", 3)
    assert [act["action_type"] for act in acts] == [
        "price_book_rolled_back",
        "price_book_withdrawn",
        "manage_pricing",
        "price_book_published",
        "price_book_published",
    ]


def test_given_a_faulty_file_when_used_then_each_fault_has_its_line_and_nothing_is_published(
    at_noon: Command, file: Path
) -> None:
    edit(file, "amount_cents: 17500", "amount_cents: lots")
    edit(file, "coi_cents: 5000", "coi_cent: 5000")

    refused = at_noon("pricebook", "publish", str(file), "--reason", "x", "--yes", *AS_MARIA)

    assert refused.code == 2
    assert [line.split(":")[0] for line in refused.errors] == [
        "missing fees.coi_cents",
        "unknown_field fees.coi_cent",
        "wrong_type surcharge_rules.0.amount_cents",
    ]
    assert all("(line " in line for line in refused.errors)
    assert at_noon("pricebook", "diff", str(file)).errors == refused.errors


def test_given_nobody_who_agrees_when_published_then_it_is_shown_and_stays_undone(
    at_noon: Command, file: Path
) -> None:
    same = at_noon("pricebook", "diff", str(file))
    over = at_noon("pricebook", "export", "--out", str(file))
    edit(file, "same_day_cents: 36000", "same_day_cents: 1")
    publish = ("publish", str(file), "--reason", "Cheap", *AS_MARIA)

    asked = at_noon("pricebook", *publish)
    program = at_noon("pricebook", *publish, "--json")
    past = at_noon("pricebook", *publish, "--yes", "--from", "2026-11-22")

    assert same.out == "Nothing differs from version 1.\n"
    assert (over.code, "File exists" in over.err) == (1, True)
    assert "same-day delivery falls from $360.00 to $0.01" in asked.out
    assert asked.code == 1
    assert "worth a look before: `pricebook lint` lists all." in asked.out
    assert "Full packing" not in asked.out
    assert (program.code, "missing --yes" in program.err) == (2, True)
    assert (past.code, past.errors) == (2, ["past effective_at: must be in the future"])
    assert "0.01" not in at_noon("pricebook", "show").out


def test_given_what_cannot_be_published_when_tried_then_that_is_told_before_anybody_is_asked(
    at_noon: Command, file: Path
) -> None:
    edit(file, "amount_cents: 17500", "amount_cents: 20000")
    publish = ("pricebook", "publish", str(file), *AS_MARIA)
    at_noon(*publish, "--yes", "--reason", "Spring", "--from", "2027-05-01")
    edit(file, "amount_cents: 20000", "amount_cents: 21000")

    dearer = at_noon(*publish, "--reason", "Dearer")
    same = at_noon("pricebook", "rollback", "1", "--reason", "Back", *AS_MARIA)
    nameless = at_noon("pricebook", "withdraw", "2", "--reason", " ", *AS_MARIA)

    assert (dearer.code, dearer.out, dearer.err.split(":")[0]) == (1, "", "price_book_conflict")
    assert (same.code, same.out, same.err.split(":")[0]) == (2, "", "no_change document")
    assert (nameless.code, nameless.out, nameless.err.split(":")[0]) == (2, "", "bad_length reason")


def test_given_a_book_that_looks_mistaken_when_linted_then_it_says_so_and_exits_1(
    at_noon: Command, file: Path
) -> None:
    edit(file, "    weekdays: [saturday, sunday]\n", "    time_start: 13:00\n")

    current = at_noon("pricebook", "lint", "--json")
    edited = at_noon("pricebook", "lint", str(file))

    assert current.code == 1
    assert {note["code"] for note in current.json["notes"]} >= {"not_payable"}
    assert edited.code == 1
    assert "- “Weekend, mini move” never matches: pickups are from 07:00 to 12:00." in edited.out


def test_given_a_booking_when_a_dearer_file_is_simulated_then_sums_csv_and_picture_tell(
    totetaxi: Runner, file: Path, tmp_path: Path
) -> None:
    on, start = open_starts(totetaxi)[0]
    made = totetaxi("bookings", "create", *AS_MARIA, *order_of(on, start), "--json")
    number = made.json["booking"]["booking_number"]
    edit(file, "base_price_cents: 99500", "base_price_cents: 100000")
    days = ("--from", on, "--to", on)
    csv, picture = tmp_path / "sums.csv", tmp_path / "weeks.svg"

    told = totetaxi(
        "pricebook", "simulate", str(file), *days, "--csv", str(csv), "--picture", str(picture)
    )
    found = totetaxi("pricebook", "simulate", str(file), *days, "--json").json
    again = totetaxi("pricebook", "simulate", str(file), *days, "--csv", str(csv))
    nobody = totetaxi(
        "pricebook", "simulate", str(file), "--from", "2020-01-01", "--to", "2020-01-31"
    )
    backwards = totetaxi("pricebook", "simulate", str(file), "--from", on, "--to", "2020-01-01")

    last = told.out.splitlines()[-1]
    assert told.code == 0, told.err
    assert last == "1 booking: $995.00 before, $1,000.00 under the file: +$5.00"
    assert "base petite" in told.out
    assert "total,all bookings,1,99500,100000,500" in csv.read_text().splitlines()
    assert picture.read_text().count(": $1,000.00</title></rect>") == 1
    assert [one["booking_number"] for one in found["most_changed"]] == [number]
    assert (again.code, backwards.code) == (1, 2)
    assert nobody.out == (
        "There is no booking to price anew from 2020-01-01 to 2020-01-31; cancelled ones do not"
        " count.\n"
    )
