"""What differs between two books, in words."""

from tests.core.price_book.small_document import code, rule, small_book, small_document, tax
from totetaxi_core.price_book.change import Change, ChangeKind
from totetaxi_core.price_book.diff_books import diff_books

RULES = [
    rule("weekend", weekdays=["saturday", "sunday"], service_type="mini_move"),
    rule("far", zones=["west"], zip_codes=["10001"], per_address=True),
]


def changes(**sections: object) -> tuple[Change, ...]:
    """Return what differs when these sections replace those of the small book with two rules."""
    old = small_book(surcharge_rules=RULES)
    return diff_books(old, small_book(**{"surcharge_rules": RULES, **sections}))


def only(**sections: object) -> Change:
    [change] = changes(**sections)
    return change


def test_given_the_same_book_when_compared_then_nothing_differs() -> None:
    explicit = [{**RULES[0], "is_active": True, "priority": 0}, RULES[1]]

    assert changes() == ()
    assert changes(surcharge_rules=explicit) == ()


def test_given_a_dearer_weekend_when_compared_then_amount_and_bookings_are_told() -> None:
    change = only(surcharge_rules=[{**RULES[0], "amount_cents": 20_000}, RULES[1]])

    assert change == Change(
        path="surcharge_rules.weekend.amount_cents",
        kind=ChangeKind.CHANGED,
        sentence="Surcharge “Weekend”: the amount rises from $1.00 to $200.00.",
        affects="mini moves picked up on Saturdays, Sundays",
        before="$1.00",
        after="$200.00",
    )


def test_given_other_conditions_when_compared_then_old_and_new_bookings_are_told() -> None:
    dated = {**RULES[0], "date_from": "2027-05-01", "date_to": "2027-09-30", "time_end": "09:00"}

    found = changes(surcharge_rules=[dated, RULES[1]])

    assert [change.path.rpartition(".")[2] for change in found] == [
        "time_end",
        "date_from",
        "date_to",
    ]
    assert found[0].affects == (
        "mini moves picked up on Saturdays, Sundays from May 1, 2027 to September 30, 2027 before"
        " 09:00; until now mini moves picked up on Saturdays, Sundays"
    )


def test_given_rules_and_codes_that_come_and_go_when_compared_then_each_is_told() -> None:
    late = rule("late", time_start="11:00", kind="per_hour", amount_cents=2_500)

    found = changes(
        surcharge_rules=[RULES[0], late],
        discount_codes=[code("VIP", service_types=["mini_move"])],
        tax_rules=[tax("sales", 825, "organizing")],
    )

    assert [change.sentence for change in found] == [
        "Surcharge “Far” is gone: it adds nothing any more.",
        "New surcharge “Late”: $25.00 an hour.",
        "New tax “Sales”: 8.25 %.",
        "New discount code “VIP”: $10.00.",
    ]
    assert [change.affects for change in found] == [
        "all bookings from or to west, 10001",
        "all bookings at or after 11:00",
        "bookings with organizing lines",
        "mini moves that bring the code VIP",
    ]


def test_given_a_package_retired_and_renamed_when_compared_then_both_are_told() -> None:
    document = small_document()
    petite, *rest = document["mini_move_packages"]
    small = {**petite, "is_active": False, "name": "Small", "max_items": None}

    found = changes(mini_move_packages=[*rest, small])

    assert [change.sentence for change in found] == [
        "Package “Small” is retired: it can no longer be chosen.",
        "Package “Small”: the name changes from “Petite” to “Small”.",
        "Package “Small”: the most items changes from 3 to no limit.",
        "The package entries stand in another order; no price changes.",
    ]


def test_given_places_that_move_when_compared_then_zones_area_rules_and_points_are_told() -> None:
    document = small_document()
    zones = {**document["zones"], "west": ["07302", "07303"], "north": ["10583"]}
    points = {"10001": {"latitude": 1, "longitude": 0}, "07302": {"latitude": 0, "longitude": 0}}

    found = changes(
        zones=zones,
        service_area=["city", "shore", "north"],
        points=points,
        surcharge_rules=[RULES[0], {**RULES[1], "zones": ["shore"]}],
    )

    assert [(change.path, change.sentence) for change in found] == [
        ("zones.west", "Zone west gains 07303."),
        ("zones.north", "New zone north: 10583."),
        ("service_area", "The service area gains north and loses west."),
        ("surcharge_rules.far.zones", "Surcharge “Far” gains shore and loses west."),
        ("points", "The point on the map is gone for 11937."),
        ("points", "The point on the map is moved for 10001."),
    ]


def test_given_other_terms_and_fees_when_compared_then_they_read_as_sentences() -> None:
    fees = {**small_document()["fees"], "coi_cents": 0}

    found = changes(
        fees=fees, cancellation_terms=[{"notice_hours": 72, "refund_bp": 10_000}], title="Next"
    )

    assert [change.sentence for change in found] == [
        "The book: the title changes from “Small” to “Next”.",
        "Fees: the certificate of insurance falls from $5.03 to $0.00.",
        (
            "Cancelled bookings are paid back 100 % from 72 hours on; until now 100 % from 48 hours"
            " on, 50 % from 24 hours on, 0 % from 0 hours on."
        ),
    ]
