"""What looks like a mistake in a sound book."""

from datetime import date

import pytest

from tests.core.price_book.small_document import rule, share_rule, small_book, small_document, tax
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.lint_book import LintNote, lint_book
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.scheduling.schedule import Schedule

SPRING = date(2027, 4, 1)
LIMITS = ChargeLimits(minimum_cents=100, maximum_cents=20_000, support_phone="1")
POINTS = {
    zip_code: {"latitude": 0, "longitude": 0} for zip_code in ("10001", "10002", "07302", "11937")
}


def notes(on: date = SPRING, **sections: object) -> tuple[LintNote, ...]:
    book = small_book(**{"points": POINTS, **sections})
    return lint_book(book, on=on, limits=LIMITS, schedule=Schedule())


def found(*rules: object, on: date = SPRING) -> list[tuple[str, str]]:
    return [(note.code, note.path) for note in notes(on, surcharge_rules=list(rules))]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"zones": ["far"]}, "never_matches"),
        ({"time_start": "12:01"}, "never_matches"),
        ({"time_end": "07:00"}, "never_matches"),
        (
            {"date_from": "2027-05-03", "date_to": "2027-05-05", "weekdays": ["saturday"]},
            "never_matches",
        ),
        ({"date_to": "2027-03-31"}, "over"),
        ({"amount_cents": 0}, "adds_nothing"),
    ],
)
def test_given_a_rule_that_cannot_count_when_linted_then_it_is_named(
    fields: dict[str, object], code: str
) -> None:
    place = "surcharge_rules" if code == "over" else "surcharge_rules.a"
    assert found(rule("a", **fields)) == [(code, place)]
    assert found(rule("a", is_active=False, **fields)) == []


def test_given_rules_at_the_edge_when_linted_then_nothing_is_said() -> None:
    edges = [
        rule("last", time_start="12:00"),
        rule("first", time_end="07:01"),
        rule("today", date_to=SPRING.isoformat()),
        rule("friday", date_from="2027-05-03", date_to="2027-05-07", weekdays=["friday"]),
        rule("places", zones=["far", "west"]),
    ]

    assert found(*edges) == []


def test_given_a_share_of_organizing_when_linted_then_it_adds_nothing() -> None:
    assert found(share_rule("s", 500, service_type="organizing_only")) == [
        ("adds_nothing", "surcharge_rules.s")
    ]


@pytest.mark.parametrize(
    ("other", "is_tied"),
    [
        ({}, True),
        ({"priority": 1}, False),
        ({"exclusive_group": "else"}, False),
        ({"service_type": "blade_delivery"}, False),
        ({"weekdays": ["monday"]}, False),
        ({"date_from": "2027-06-01", "date_to": "2027-06-04"}, False),
        ({"date_from": "2027-06-01", "date_to": "2027-06-05"}, True),
        ({"time_start": "09:00"}, False),
        ({"time_start": "08:59"}, True),
        ({"zones": ["west"]}, True),
    ],
)
def test_given_two_rules_of_a_group_when_linted_then_those_that_can_meet_are_tied(
    other: dict[str, object], *, is_tied: bool
) -> None:
    group = {"exclusive_group": "g", "service_type": "mini_move"}
    weekend = rule("a", **group, weekdays=["saturday", "sunday"], time_end="09:00")

    codes = [code for code, _ in found(weekend, rule("b", **{**group, **other}))]

    assert ("tied_rules" in codes) is is_tied


def test_given_a_rule_always_beaten_when_linted_then_it_never_wins() -> None:
    group = {"exclusive_group": "g"}
    high = rule("high", **group, priority=2, weekdays=["saturday", "sunday"])
    low = rule("low", **group, priority=1, weekdays=["sunday"], service_type="mini_move")

    assert found(high, low) == [("never_wins", "surcharge_rules.low")]
    assert found(high, {**low, "weekdays": ["sunday", "monday"]}) == []


def test_given_last_year_s_peak_dates_when_linted_then_those_without_a_rule_are_named() -> None:
    group = {"exclusive_group": "g", "service_type": "mini_move"}
    labor_day = rule("labor", **group, date_from="2026-09-07", date_to="2026-09-07")
    july = rule("july", **group, date_from="2026-07-04", date_to="2026-07-04")
    july_again = rule("july27", **group, date_from="2027-07-04", date_to="2027-07-04")
    long_ago = rule("old", **group, date_from="2024-07-04", date_to="2024-07-04")

    said = notes(surcharge_rules=[labor_day, july, july_again, long_ago])

    [missing] = [note for note in said if note.code == "peak_dates_missing"]
    assert missing.message == (
        "No rule yet for the peak dates to come, mini move: Labor (around 2027-09-07)."
    )
    assert notes(date(2026, 4, 1), surcharge_rules=[labor_day]) == ()


def test_given_a_zip_in_two_zones_and_one_without_a_point_when_linted_then_both_are_named() -> None:
    zones = {**small_document()["zones"], "shore": ["11937", "10002", "11954"]}

    assert [(note.code, note.message) for note in notes(zones=zones)] == [
        ("zip_in_two_zones", "10002 lies in city and shore."),
        ("no_point", "No point on the map for 11954: no helicopter goes there."),
    ]


def test_given_prices_outside_the_limits_when_linted_then_they_count_with_their_tax() -> None:
    taxed = [tax("t", 825, "base")]

    [note] = notes(tax_rules=taxed)

    assert (note.code, note.path) == ("not_payable", "mini_move_packages.roomy")
    assert "$216.50, more than the $200.00" in note.message
    assert notes() == ()


def test_given_the_default_book_when_linted_then_only_its_dearest_visit_is_named() -> None:
    limits = ChargeLimits(support_phone="1")

    said = lint_book(PriceBook.default(), on=date(2026, 4, 1), limits=limits, schedule=Schedule())

    assert {note.path for note in said} <= {"organizing_services.full-packing", "points"}
    assert "organizing_services.full-packing" in {note.path for note in said}
