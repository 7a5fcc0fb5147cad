from dataclasses import replace
from datetime import date, time
from typing import Any

from tests.builders import NOW, PETITE
from totetaxi_core import PriceBook, QuoteRequest, quote
from totetaxi_core.bookings.reprice import granting
from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import LineKind
from totetaxi_core.rehearsal.reprice_past import PastBooking, reprice_past
from totetaxi_core.rehearsal.simulate_book import Rehearsal, rehearsal_of, simulate_book

SATURDAY, JULY_4, TUESDAY = date(2026, 12, 5), date(2026, 7, 4), date(2026, 12, 1)
CODE = {
    "id": "6d3f6a39-7f4c-4a63-9a0c-0d8a6b0f3c11",
    "code": "WINTER10",
    "kind": "percentage",
    "rate_bp": 1000,
}


def document(**parts: object) -> dict[str, Any]:
    return {**PriceBook.default().document, **parts}


BOOK = PriceBook.from_document(document(discount_codes=[CODE]), version=1)


def rules(**edits: dict[str, object]) -> list[dict[str, Any]]:
    """Return the default surcharge rules, edited by slug (`_` for `-`), without those of None."""
    wanted = {slug.replace("__", "-"): edit for slug, edit in edits.items()}
    listed: Any = BOOK.document["surcharge_rules"]
    return [{**rule, **wanted.get(rule["slug"], {})} for rule in listed]


def past(number: int, on: date, **fields: Any) -> PastBooking:  # noqa: ANN401  any wish
    request = QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        mini_move_package_id=PETITE.id,
        pickup_date=on,
        pickup_time=time(9),
        pickup_zip="10001",
        delivery_zip="11937",
        **fields,
    )
    priced = quote(request, BOOK, at=NOW)
    return PastBooking(booking_number=f"TT-{number:08d}", quote=priced, created_at=NOW)


def rehearsed(*bookings: PastBooking, **parts: object) -> Rehearsal:
    draft = PriceBook.from_document(document(**{"discount_codes": [CODE], **parts}), version=0)
    return rehearsal_of([simulate_book(bookings, draft, book_of={1: BOOK}.__getitem__)], draft)


def test_given_a_dearer_weekend_when_rehearsed_then_the_saturday_alone_pays_more() -> None:
    dearer = rules(weekend__mini_move={"amount_cents": 20_000})

    found = rehearsed(past(1, SATURDAY), past(2, JULY_4), past(3, TUESDAY), surcharge_rules=dearer)

    tally = found.tally
    assert (tally.total.bookings, tally.total.change_cents) == (3, 2_500)
    assert (tally.losers.bookings, tally.winners.bookings, found.unchanged) == (1, 0, 2)
    assert [one.booking_number for one in found.most_changed] == ["TT-00000001"]
    weekend = tally.lines[LineKind.TIME_SURCHARGE, "weekend-mini_move"]
    assert (weekend.bookings, weekend.before_cents, weekend.after_cents) == (1, 17_500, 20_000)
    assert [monday for monday, _ in found.weeks] == [date(2026, 6, 29), date(2026, 11, 30)]
    assert "outside-core-mini_move" in found.never_fire
    assert "weekend-mini_move" not in found.never_fire


def test_given_no_weekend_any_more_when_rehearsed_then_its_dates_are_named() -> None:
    without = rules(weekend__mini_move={"is_active": False})

    found = rehearsed(past(1, SATURDAY), past(2, JULY_4), surcharge_rules=without)

    assert found.uncovered_dates == (SATURDAY,)
    assert found.tally.winners.change_cents == -17_500


def test_given_a_package_put_aside_when_rehearsed_then_its_bookings_are_refused() -> None:
    listed: Any = BOOK.document["mini_move_packages"]
    packages = [{**one, "is_active": one["slug"] != "petite"} for one in listed]

    found = rehearsed(past(1, TUESDAY), mini_move_packages=packages)

    assert found.tally.refused["mini_move_package_id unavailable"].before_cents == 99_500
    assert found.tally.total.after_cents == 0
    assert found.most_changed[0].after_cents is None
    assert found.unchanged == 0


def test_given_a_code_when_the_draft_keeps_lowers_or_lacks_it_then_it_counts_so() -> None:
    coded = past(1, TUESDAY, discount_code="winter10")

    kept = rehearsed(coded)
    lowered = rehearsed(coded, discount_codes=[{**CODE, "rate_bp": 500}])
    lacking = rehearsed(coded, discount_codes=[])

    assert (kept.tally.total.change_cents, kept.tally.codes_lost) == (0, 0)
    assert (lowered.tally.total.change_cents, lowered.tally.codes_lost) == (4_975, 0)
    assert (lacking.tally.total.change_cents, lacking.tally.codes_lost) == (9_950, 1)


def test_given_a_code_lowered_since_when_its_booking_moved_then_it_still_comes_out_as_stored() -> (
    None
):
    lowered = PriceBook.from_document(
        document(discount_codes=[{**CODE, "rate_bp": 500}]), version=2
    )
    request = past(1, TUESDAY, discount_code="winter10").quote.request
    granted = granting(lowered, BOOK.discount_codes[0])
    priced = quote(replace(request, pickup_date=SATURDAY), granted, at=NOW)
    moved = PastBooking(booking_number="TT-00000001", quote=priced, created_at=NOW)

    again = reprice_past(moved, lowered, book_of={1: BOOK, 2: lowered}.__getitem__)

    assert again.quote == priced
