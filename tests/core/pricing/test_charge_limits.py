import pytest

from totetaxi_core.pricing.charge_limits import (
    AmountNeedsStaffError,
    AmountTooSmallError,
    ChargeLimits,
)

LIMITS = ChargeLimits(support_phone="+1 (631) 595-5100")


@pytest.mark.parametrize("total_cents", [0, 100, 101, 499_999, 500_000])
def test_given_a_total_within_the_limits_when_checked_then_it_may_be_charged(
    total_cents: int,
) -> None:
    assert LIMITS.refusal(total_cents) is None
    LIMITS.check(total_cents)


@pytest.mark.parametrize("total_cents", [1, 99])
@pytest.mark.parametrize("staff_reason", [None, "agreed by phone"])
def test_given_less_than_a_dollar_when_checked_then_staff_are_refused_too(
    total_cents: int, staff_reason: str | None
) -> None:
    with pytest.raises(AmountTooSmallError) as refused:
        LIMITS.check(total_cents, staff_reason=staff_reason)

    assert refused.value.code == "amount_too_small"
    assert refused.value.total_cents == total_cents
    assert str(refused.value) == f"the total of $0.{total_cents:02d} is below $1.00"


def test_given_more_than_the_maximum_when_checked_then_the_customer_is_told_whom_to_call() -> None:
    with pytest.raises(AmountNeedsStaffError) as refused:
        LIMITS.check(500_001)

    assert refused.value.code == "amount_needs_staff"
    assert str(refused.value) == (
        "the total of $5000.01 is above $5000.00: please call us at +1 (631) 595-5100"
    )


def test_given_more_than_the_maximum_when_staff_say_why_then_it_may_be_charged() -> None:
    LIMITS.check(500_001, staff_reason="agreed by phone")

    assert isinstance(LIMITS.refusal(500_001), AmountNeedsStaffError)
    with pytest.raises(AmountNeedsStaffError):
        LIMITS.check(500_001, staff_reason="")


def test_given_other_limits_when_checked_then_both_ends_are_allowed() -> None:
    limits = ChargeLimits(minimum_cents=500, maximum_cents=1_000, support_phone="1")

    codes = [
        refusal.code if (refusal := limits.refusal(total)) else None
        for total in (0, 499, 500, 1_000, 1_001)
    ]

    assert codes == [None, "amount_too_small", None, None, "amount_needs_staff"]
