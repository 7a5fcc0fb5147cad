from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from totetaxi_core.money import BASIS_POINTS, dollars, share_down, spread, tax_half_up

CENTS = st.integers(0, 10**12)
RATES_BP = st.integers(0, 2 * BASIS_POINTS)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)
HALF = Fraction(1, 2)


@given(amount_cents=CENTS, rate_bp=RATES_BP)
def test_given_any_share_when_rounded_then_it_is_less_than_a_cent_below_the_truth(
    amount_cents: int, rate_bp: int
) -> None:
    exact = Fraction(amount_cents * rate_bp, BASIS_POINTS)

    share = share_down(amount_cents, rate_bp)

    assert 0 <= exact - share < 1


@given(amount_cents=CENTS, rate_bp=RATES_BP)
def test_given_any_tax_when_rounded_then_it_is_at_most_half_a_cent_off_and_half_goes_up(
    amount_cents: int, rate_bp: int
) -> None:
    exact = Fraction(amount_cents * rate_bp, BASIS_POINTS)

    tax = tax_half_up(amount_cents, rate_bp)

    assert -HALF < exact - tax < HALF or tax - exact == HALF


@given(parts=st.lists(CENTS, min_size=1, max_size=8), rate_bp=RATES_BP)
def test_given_parts_when_each_is_taxed_then_half_a_cent_each_is_all_they_differ_by(
    parts: list[int], rate_bp: int
) -> None:
    whole = tax_half_up(sum(parts), rate_bp)

    piecemeal = sum(tax_half_up(part, rate_bp) for part in parts)

    assert abs(whole - piecemeal) <= HALF * (len(parts) + 1)


@given(amount_cents=CENTS, weights=WEIGHTS)
def test_given_any_amount_when_spread_then_the_parts_sum_exactly_and_are_fair_within_a_cent(
    amount_cents: int, weights: list[int]
) -> None:
    parts = spread(amount_cents, weights)

    assert sum(parts) == amount_cents
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount_cents * weight, sum(weights))
        assert abs(part - exact) < 1
        assert part >= int(exact)


@given(amount_cents=CENTS, weights=WEIGHTS)
def test_given_any_amount_when_spread_then_odd_cents_go_by_remainder_and_ties_go_earlier(
    amount_cents: int, weights: list[int]
) -> None:
    parts = spread(amount_cents, weights)

    exact = [Fraction(amount_cents * weight, sum(weights)) for weight in weights]
    lucky = [index for index, part in enumerate(parts) if part > int(exact[index])]
    unlucky = [index for index in range(len(parts)) if index not in lucky]
    for winner in lucky:
        for loser in unlucky:
            won, lost = exact[winner] % 1, exact[loser] % 1
            assert won > lost or (won == lost and winner < loser)


@given(weights=WEIGHTS, data=st.data())
def test_given_at_most_the_sum_when_spread_then_no_line_bears_more_than_itself(
    weights: list[int], data: st.DataObject
) -> None:
    amount_cents = data.draw(st.integers(0, sum(weights)))

    parts = spread(amount_cents, weights)

    assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(amount_cents=st.integers())
def test_given_any_cents_when_written_in_dollars_then_they_read_back_the_same(
    amount_cents: int,
) -> None:
    written = dollars(amount_cents)

    assert Fraction(written) * 100 == amount_cents
    assert written[-3] == "."
