"""Reports lose no cent and no day, however they are cut."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.bookings.memory_house import NEW_YORK
from totetaxi_core.pricing import LineKind, QuoteLine
from totetaxi_core.reports.line_split import split_over_lines
from totetaxi_core.reports.span import Days, SpanLength, Spans

CENTS = st.integers(-3, 12) | st.integers(-50_000, 500_000)
LINES = st.lists(CENTS, min_size=1, max_size=8)
LENGTHS = st.sampled_from(SpanLength)
DAY = timedelta(days=1)


def lines_of(amounts: list[int]) -> list[QuoteLine]:
    return [
        QuoteLine(kind=LineKind.ADDON, code=str(number), label="", amount_cents=cents)
        for number, cents in enumerate(amounts)
    ]


@given(amount_cents=st.integers(-1_000_000, 1_000_000), amounts=LINES)
def test_given_any_lines_when_revenue_is_split_then_no_cent_is_lost_or_made(
    amount_cents: int, amounts: list[int]
) -> None:
    whole = sum(amounts)

    parts = split_over_lines(amount_cents, lines_of(amounts))

    assert (parts is None) is (whole == 0)
    if parts is not None:
        assert sum(parts) == amount_cents
        for cents, part in zip(amounts, parts, strict=True):
            assert abs(part * whole - amount_cents * cents) <= 2 * abs(whole)


@given(amounts=LINES)
def test_given_revenue_of_just_its_lines_when_split_then_each_line_has_earned_itself(
    amounts: list[int],
) -> None:
    assume(sum(amounts))

    parts = split_over_lines(sum(amounts), lines_of(amounts))

    assert parts == tuple(amounts)


@given(
    first_on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    number=st.integers(0, 365),
    length=LENGTHS,
)
def test_given_any_days_when_cut_into_spans_then_each_is_in_one_and_they_touch(
    first_on: date, number: int, length: SpanLength
) -> None:
    days = Days(first_on, first_on + DAY * number)

    spans = Spans.of(days, length)
    instants = spans.instants(NEW_YORK)

    assert (spans.bounds[0], spans.bounds[-1]) == (days.first_on, days.last_on + DAY)
    assert sorted(set(instants)) == list(instants)
    homes = [spans.first_of(on) for on in days]
    assert homes == sorted(homes)
    assert tuple(dict.fromkeys(homes)) == spans.firsts
    assert all(
        instant.astimezone(NEW_YORK).time().isoformat() == "00:00:00" for instant in instants
    )
