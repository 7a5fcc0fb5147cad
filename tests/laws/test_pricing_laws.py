from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.price_book.small_document import Document, entry, small_document
from tests.laws import pricing_strategies as draw_
from tests.laws.naive_surcharges import matches, surcharge_lines
from totetaxi_core import InvalidInputError, LineKind, PriceBook, Quote, QuoteRequest, quote
from totetaxi_core.money import spread, tax_half_up
from totetaxi_core.price_book import CancellationTerms

REAL = PriceBook.default()
ORDER = list(LineKind)
REDUCTIONS = (LineKind.DISCOUNT, LineKind.ADJUSTMENT, LineKind.TAX)
PICKUP_AT = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)


def quoted(request: QuoteRequest, document: Document) -> Quote | None:
    """Price it with a book of its own; None when its code or its adjustment cannot be used."""
    try:
        return quote(request, PriceBook.from_document(document))
    except InvalidInputError as refusal:
        if refusal.field not in ("discount_code", "adjustment.amount_cents"):
            raise
        return None


def surcharges_of(priced: Quote) -> list[tuple[str, str, int]]:
    return [
        (line.kind.value, line.code, line.amount_cents)
        for line in priced.lines
        if line.kind in (LineKind.TIME_SURCHARGE, LineKind.GEOGRAPHIC_SURCHARGE)
    ]


def is_well_formed(priced: Quote) -> bool:
    """Tell whether the lines sum to the total, stand in order and say something each."""
    kinds = [ORDER.index(line.kind) for line in priced.lines]
    said = [line for line in priced.lines if line.code != "organizing_only"]
    return (
        priced.total_cents == sum(line.amount_cents for line in priced.lines) >= 0
        and kinds == sorted(kinds)
        and all(line.amount_cents for line in said)
        and all(line.amount_cents > 0 or line.kind in REDUCTIONS for line in said)
    )


@given(request=draw_.requests(REAL))
def test_given_the_real_book_when_quoted_then_the_lines_are_the_price(
    request: QuoteRequest,
) -> None:
    priced = quote(request, REAL)

    assert is_well_formed(priced)
    assert sum(priced.totals_by_kind.values()) == priced.total_cents


@given(request=draw_.requests(REAL))
def test_given_the_real_book_when_quoted_then_its_surcharges_are_what_a_clerk_would_add(
    request: QuoteRequest,
) -> None:
    priced = quote(request, REAL)

    assert surcharges_of(priced) == surcharge_lines(
        request,
        dict(REAL.document),
        base_cents=priced.totals_by_kind[LineKind.BASE],
        hours=priced.estimated_hours,
    )


@given(document=draw_.documents(), data=st.data())
def test_given_any_book_when_quoted_then_its_surcharges_are_what_a_clerk_would_add(
    document: Document, data: st.DataObject
) -> None:
    book = PriceBook.from_document(document)
    request = data.draw(draw_.requests(book))

    priced = quote(request, book)

    assert surcharges_of(priced) == surcharge_lines(
        request,
        document,
        base_cents=priced.totals_by_kind[LineKind.BASE],
        hours=priced.estimated_hours,
    )


@given(rules=draw_.rivals(), data=st.data())
def test_given_rivals_of_like_rank_when_quoted_then_a_clerk_keeps_the_same(
    rules: list[Document], data: st.DataObject
) -> None:
    document = small_document(surcharge_rules=rules)
    request = data.draw(draw_.requests(PriceBook.from_document(document)))

    priced = quote(request, PriceBook.from_document(document))

    assert surcharges_of(priced) == surcharge_lines(
        request,
        document,
        base_cents=priced.totals_by_kind[LineKind.BASE],
        hours=priced.estimated_hours,
    )


@given(document=draw_.documents(), data=st.data())
def test_given_any_book_when_quoted_twice_then_both_quotes_are_well_formed_and_equal(
    document: Document, data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from([None, "save"]))
    adjustment = data.draw(st.none() | draw_.ADJUSTMENTS)
    book = PriceBook.from_document(document)
    request = replace(data.draw(draw_.requests(book, code=code)), adjustment=adjustment)

    priced, again = quoted(request, document), quoted(request, document)

    assert priced == again
    assert priced is None or is_well_formed(priced)


@given(document=draw_.documents(), data=st.data(), place=st.integers(0, 8))
def test_given_a_rule_that_does_not_match_when_added_then_nothing_changes(
    document: Document, data: st.DataObject, place: int
) -> None:
    request = data.draw(draw_.requests(PriceBook.from_document(document)))
    rule = data.draw(draw_.rules("new"))
    assume(not matches(rule, request, document))
    without = quoted(request, document)

    document["surcharge_rules"].insert(place, rule)

    assert quoted(request, document) == without


@given(document=draw_.documents(), data=st.data())
def test_given_a_code_when_taken_away_then_the_price_never_falls(
    document: Document, data: st.DataObject
) -> None:
    request = data.draw(draw_.requests(PriceBook.from_document(document), code="SAVE"))
    reduced = quoted(request, document)

    full = quoted(replace(request, discount_code=None), document)

    assert full is not None
    assert reduced is None or 0 <= reduced.total_cents <= full.total_cents


@given(document=draw_.documents(), data=st.data())
def test_given_a_discount_when_quoted_then_it_is_at_most_the_lines_and_taxes_are_on_the_rest(
    document: Document, data: st.DataObject
) -> None:
    request = data.draw(draw_.requests(PriceBook.from_document(document), code="SAVE"))
    priced = quoted(request, document)
    assume(priced is not None)
    assert priced is not None

    lines = [line for line in priced.lines if line.kind not in REDUCTIONS]
    off_cents = -priced.totals_by_kind[LineKind.DISCOUNT]
    assert 0 <= off_cents <= sum(line.amount_cents for line in lines)
    shares = spread(off_cents, [line.amount_cents for line in lines])
    net = [line.amount_cents - share for line, share in zip(lines, shares, strict=True)]
    expected = [
        (tax["slug"], tax_half_up(taxable, tax["rate_bp"]))
        for tax in document["tax_rules"]
        for taxable in [
            sum(n for n, line in zip(net, lines, strict=True) if line.kind in tax["line_kinds"])
        ]
    ]
    found = [(line.code, line.amount_cents) for line in priced.lines if line.kind is LineKind.TAX]
    assert found == [(slug, cents) for slug, cents in expected if cents]


@given(request=draw_.requests(REAL))
def test_given_ids_and_items_in_any_order_when_quoted_then_the_lines_are_the_same(
    request: QuoteRequest,
) -> None:
    lines = quote(request, REAL).lines

    others = [
        quote(replace(request, specialty_items=items, organizing_service_ids=ids), REAL).lines
        for items in permutations(request.specialty_items)
        for ids in permutations(request.organizing_service_ids)
    ]

    assert others == [lines] * len(others)


@given(document=draw_.documents(), data=st.data(), at=draw_.INSTANTS)
def test_given_anything_well_typed_when_quoted_then_it_is_priced_or_its_fields_are_named(
    document: Document, data: st.DataObject, at: datetime | None
) -> None:
    book = PriceBook.from_document(document)
    request = data.draw(draw_.any_requests(book) | draw_.requests(book, code="SAVE"))

    try:
        outcome: Quote | InvalidInputError = quote(request, book, at=at)
    except InvalidInputError as refusal:
        outcome = refusal

    if isinstance(outcome, Quote):
        assert is_well_formed(outcome)
    else:
        fields = set(QuoteRequest.__slots__)
        assert {fault.field.split(".")[0] for fault in outcome.faults} <= fields


@given(
    tiers=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 10_000)), max_size=4),
    paid_cents=st.integers(0, 5_000_000),
    notice=st.timedeltas(timedelta(days=-30), timedelta(days=30)),
    more=st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_given_any_terms_when_notice_is_longer_then_the_refund_never_shrinks(
    tiers: list[tuple[int, int]], paid_cents: int, notice: timedelta, more: timedelta
) -> None:
    terms = _terms(tiers)

    late = terms.refund_cents(paid_cents, pickup_at=PICKUP_AT, at=PICKUP_AT - notice)
    early = terms.refund_cents(paid_cents, pickup_at=PICKUP_AT, at=PICKUP_AT - notice - more)

    assert 0 <= late <= early <= paid_cents


def _terms(tiers: list[tuple[int, int]]) -> CancellationTerms:
    """Return the terms a book of these tiers has; assume the book is not refused."""
    hours = sorted({notice for notice, _ in tiers}, reverse=True)
    shares = sorted((share for _, share in tiers), reverse=True)
    falling = [
        {"notice_hours": notice, "refund_bp": share}
        for notice, share in zip(hours, shares, strict=False)
    ]
    document = dict(REAL.document) | {"cancellation_terms": falling}
    return PriceBook.from_document(document).cancellation_terms


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(document=draw_.documents(), data=st.data())
def test_given_any_value_anywhere_in_a_book_when_read_then_it_is_taken_or_named(
    document: Document, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([*document, "unknown"]))
    document["surcharge_rules"].append(entry("last", kind="fixed", amount_cents=1))
    target = data.draw(st.sampled_from([document, document["surcharge_rules"][-1]]))
    field = name if target is document else data.draw(st.sampled_from([*target, "weekdays"]))

    target[field] = data.draw(JSON)

    said = _digest_or_faults(document)
    assert said.encode()


def _digest_or_faults(document: Document) -> str:
    try:
        return PriceBook.from_document(document).digest
    except InvalidInputError as refusal:
        return str(refusal)
