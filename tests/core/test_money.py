import pytest

from totetaxi_core.money import dollars, share_down, spread, tax_half_up


@pytest.mark.parametrize(
    ("amount_cents", "rate_bp", "share_cents"),
    [
        (100, 2_900, 29),  # the float sum int(100 * 0.29) is 28
        (99, 1_000, 9),
        (1, 9_999, 0),
        (0, 10_000, 0),
        (10_001, 10_000, 10_001),
        (10_001, 20_000, 20_002),
        (10**30 + 1, 1, 10**26),
    ],
)
def test_given_a_rate_when_a_share_is_taken_then_it_is_rounded_down(
    amount_cents: int, rate_bp: int, share_cents: int
) -> None:
    share = share_down(amount_cents, rate_bp)

    assert share == share_cents


@pytest.mark.parametrize(
    ("amount_cents", "rate_bp", "tax_cents"),
    [
        (200, 825, 17),  # 16.5
        (199, 825, 16),  # 16.4175
        (600, 825, 50),  # 49.5: a rounding to even would say 50 too
        (1_000, 825, 83),  # 82.5: a rounding to even would say 82
        (0, 825, 0),
        (244_500, 825, 20_171),  # 20,171.25
    ],
)
def test_given_a_rate_when_tax_is_taken_then_half_a_cent_goes_up(
    amount_cents: int, rate_bp: int, tax_cents: int
) -> None:
    tax = tax_half_up(amount_cents, rate_bp)

    assert tax == tax_cents


@pytest.mark.parametrize(
    ("amount_cents", "weights", "parts"),
    [
        (100, [1, 1, 1], (34, 33, 33)),
        (101, [1, 1, 1], (34, 34, 33)),
        (10, [1, 2, 4], (1, 3, 6)),  # 1.43, 2.86, 5.71: the two largest remainders
        (1, [0, 5, 5], (0, 1, 0)),
        (7, [0, 7, 0], (0, 7, 0)),
        (0, [3, 4], (0, 0)),
        (0, [0, 0], (0, 0)),
        (0, [], ()),
    ],
)
def test_given_weights_when_an_amount_is_spread_then_odd_cents_go_to_the_largest_remainders(
    amount_cents: int, weights: list[int], parts: tuple[int, ...]
) -> None:
    spread_parts = spread(amount_cents, weights)

    assert spread_parts == parts


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_given_no_weight_at_all_when_an_amount_is_spread_then_it_is_an_error(
    weights: list[int],
) -> None:
    with pytest.raises(ValueError, match="nothing to spread over"):
        spread(1, weights)


@pytest.mark.parametrize(
    ("amount_cents", "text"),
    [(99_500, "995.00"), (5, "0.05"), (0, "0.00"), (-1, "-0.01"), (-12_345, "-123.45")],
)
def test_given_cents_when_written_in_dollars_then_both_decimals_show(
    amount_cents: int, text: str
) -> None:
    written = dollars(amount_cents)

    assert written == text
