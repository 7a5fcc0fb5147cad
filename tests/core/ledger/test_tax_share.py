import pytest

from totetaxi_core.ledger.tax_share import TaxedCharge


@pytest.mark.parametrize(
    ("amount_cents", "tax_cents"), [(1, 0), (12, 0), (13, 1), (100, 8), (544, 44), (1_088, 88)]
)
def test_given_a_whole_charge_when_a_part_goes_back_then_its_tax_does_in_whole_cents(
    amount_cents: int, tax_cents: int
) -> None:
    charge = TaxedCharge(charged_cents=1_088, tax_cents=88)

    assert charge.tax_share(amount_cents) == tax_cents


@pytest.mark.parametrize(
    ("charge", "tax_cents"),
    [
        # The tenth of ten refunds of a cent took the tax, and the other nine failed.
        (TaxedCharge(charged_cents=10, tax_cents=1, refunded_cents=1, tax_refunded_cents=1), 0),
        # Those that took the tax failed, and those that took none stand.
        (TaxedCharge(charged_cents=6, tax_cents=3, refunded_cents=3, tax_refunded_cents=0), 1),
    ],
)
def test_given_refunds_that_failed_when_a_cent_goes_back_then_its_tax_is_none_or_all_of_it(
    charge: TaxedCharge, tax_cents: int
) -> None:
    assert charge.tax_share(1) == tax_cents


def test_given_no_tax_or_all_tax_when_a_part_goes_back_then_none_or_all_of_it_is_tax() -> None:
    untaxed = TaxedCharge(charged_cents=995, tax_cents=0)
    all_tax = TaxedCharge(charged_cents=995, tax_cents=995)

    assert (untaxed.tax_share(994), all_tax.tax_share(994)) == (0, 994)


def test_given_a_price_that_fell_to_nothing_when_money_goes_back_then_no_tax_does() -> None:
    charge = TaxedCharge(charged_cents=0, tax_cents=0, refunded_cents=-400)

    assert charge.tax_share(400) == 0
