"""Discount codes on the command line: made, limited, paused and used, by whoever may."""

from pathlib import Path

import pytest

from tests.cli.conftest import Runner, order_of
from tests.cli.staffing import hire
from tests.scenarios.house import open_dates

AS_MARIA, AS_LOU = ("--as", "maria"), ("--as", "lou")


@pytest.fixture
def codes(totetaxi: Runner, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Return the command line of a house with an admin, lou, and maria who manages prices."""
    hire(totetaxi, monkeypatch, "lou", "admin")
    flag = ("--flag", "can_manage_pricing")
    hire(totetaxi, monkeypatch, "maria", "customer_service", *flag, *AS_LOU)
    return totetaxi


def test_given_a_code_for_vips_when_made_and_used_then_lists_tell_what_it_took_off(
    codes: Runner,
) -> None:
    terms = ("--percent", "12.5", "--at-most", "$1,000", "--max-uses", "2", "--to", "2098-12-31")
    made = codes("codes", "create", "VIP", *terms, *AS_MARIA)
    option, on = ("--code", "vip"), str(next(open_dates()))
    booked = codes(
        "bookings",
        "create",
        *order_of(on, "09:00"),
        *option,
        *AS_LOU,
        "--json",
    )

    listed = codes("codes", "list").out
    uses = codes("codes", "uses", "vip").out
    shown = codes("codes", "show", "vip", "--json").json

    number = booked.json["booking"]["booking_number"]
    assert made.code == 0
    assert "takes off            12.5 %, at most $1,000.00" in made.out
    assert "last day (New York)  2098-12-31" in made.out
    assert "1 of 2" in listed
    [row] = [line for line in uses.splitlines() if number in line]
    assert row.split()[1:3] == ["pending", "$124.37"]
    assert (shown["valid_until"], shown["rate_bp"]) == ("2099-01-01T05:00:00Z", 1_250)
    assert (shown["uses"], shown["uses_left"], shown["state"]) == (1, 1, "active")


def test_given_prices_that_wait_when_a_code_is_made_then_it_says_that_they_have_it_too(
    codes: Runner, tmp_path: Path
) -> None:
    file = tmp_path / "book.yaml"
    codes("pricebook", "export", "--out", str(file))
    file.write_text(file.read_text().replace("amount_cents: 17500", "amount_cents: 20000", 1))
    spring = ("--from", "2098-05-01", "--reason", "Spring", "--yes", *AS_MARIA)
    codes("pricebook", "publish", str(file), *spring)

    made = codes("codes", "create", "VIP", "--percent", "10", *AS_MARIA)

    last = made.out.splitlines()[-1]
    assert last == "version 4, which waits for 2098-05-01 00:00, has it too"


def test_given_a_code_when_limited_paused_and_resumed_then_each_says_how_it_stands(
    codes: Runner,
) -> None:
    codes("codes", "create", "FIFTY", "--dollars", "50", "--service", "mini_move", *AS_MARIA)

    limits = ("--max-uses", "9", "--from", "2098-12-01")
    limited = codes("codes", "limit", "fifty", *limits, *AS_MARIA, "--json").json
    freed = codes("codes", "limit", "fifty", "--from", "none", *AS_MARIA, "--json").json
    paused = codes("codes", "pause", "fifty", "--reason", "It leaked", *AS_MARIA)
    again = codes("codes", "pause", "fifty", *AS_MARIA)
    resumed = codes("codes", "resume", "fifty", *AS_MARIA, "--json").json
    why = codes("pricebook", "history", "--json").json["results"]

    assert (limited["state"], limited["valid_from"]) == ("scheduled", "2098-12-01T05:00:00Z")
    assert (freed["state"], freed["valid_from"], freed["max_uses"]) == ("active", None, 9)
    assert "paused" in paused.out
    assert (again.code, again.err.split()[0]) == (2, "no_change")
    assert resumed["state"] == "active"
    assert [one["reason"] for one in why[:2]] == ["Resumed the discount code fifty", "It leaked"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "missing --percent"),
        (("--percent", "10", "--dollars", "5"), "missing --percent"),
        (("--percent", "ten"), "bad_format --percent"),
        (("--dollars", "1.234"), "bad_format --dollars"),
        (("--percent", "101"), "too_large --percent"),
        (("--percent", "10", "--to", "2026-02-30"), "not_a_date --to"),
        (("--percent", "10", "--from", "2026-12-02", "--to", "2026-12-01"), "out_of_order"),
    ],
)
def test_given_terms_that_make_no_sense_when_a_code_is_made_then_it_says_which_and_makes_none(
    codes: Runner, options: tuple[str, ...], told: str
) -> None:
    refused = codes("codes", "create", "VIP", *options, *AS_MARIA)

    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(told)
    assert codes("codes", "list", "--json").json == {"results": []}


def test_given_nothing_to_limit_or_nobody_of_that_name_when_asked_then_it_is_refused(
    codes: Runner,
) -> None:
    codes("codes", "create", "VIP", "--percent", "10", *AS_MARIA)

    nothing = codes("codes", "limit", "VIP", *AS_MARIA)
    words = codes("codes", "limit", "VIP", "--max-uses", "few", *AS_MARIA)
    unknown = codes("codes", "show", "NOBODY")
    twice = codes("codes", "create", "vip", "--percent", "10", *AS_MARIA)

    assert (nothing.code, words.code) == (2, 2)
    assert nothing.err.startswith("missing --max-uses: give one of --max-uses,")
    assert words.err.startswith("bad_format --max-uses")
    assert (unknown.code, unknown.err.split(":")[0]) == (1, "price_book_entry_not_found")
    assert (twice.code, twice.err.split(":")[0]) == (1, "price_book_entry_exists")


def test_given_more_uses_than_a_page_when_listed_then_it_says_where_to_go_on(
    codes: Runner,
) -> None:
    codes("codes", "create", "VIP", "--percent", "10", *AS_MARIA)
    option, on = ("--code", "VIP"), str(next(open_dates()))
    none = codes("codes", "uses", "VIP").out
    numbers = [
        codes(
            "bookings",
            "create",
            *order_of(on, time, email=f"{time[:2]}@example.com"),
            *option,
            *AS_LOU,
            "--json",
        ).json["booking"]["booking_number"]
        for time in ("08:00", "09:00")
    ]

    first = codes("codes", "uses", "VIP", "--limit", "1", "--json").json
    told = codes("codes", "uses", "VIP", "--limit", "1").out
    rest = codes("codes", "uses", "VIP", "--after", first["next"], "--json").json

    assert none == "No booking uses VIP.\n"
    assert f"older ones: --after {first['next']}" in told
    found = [one["booking_number"] for one in (*first["results"], *rest["results"])]
    assert sorted(found) == sorted(numbers)
    assert rest["next"] is None
