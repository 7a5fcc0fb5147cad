"""What comes after the priced lines: discount, staff adjustment, taxes.

Source: docs/pricing.md, "Discounts" and "Taxes".
"""

from collections.abc import Sequence
from datetime import datetime

from totetaxi_core.money import spread, tax_half_up
from totetaxi_core.price_book import DiscountCode, DiscountKind, TaxRule
from totetaxi_core.pricing.compiled_book import CompiledBook
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import PriceAdjustment, QuoteRequest
from totetaxi_core.refusal import FieldFault, InvalidInputError


def discount_line(
    request: QuoteRequest, prices: CompiledBook, *, subtotal_cents: int, at: datetime | None
) -> QuoteLine | None:
    """Return the line of the request's code, None if it names none.

    Raises:
        InvalidInputError: `discount_unavailable`, in the same words whatever the reason.
    """
    if request.discount_code is None:
        return None
    code = prices.codes.get(request.discount_code.strip().casefold())
    if (
        code is None
        or not code.serves(request.service_type, at=at)
        or subtotal_cents < code.min_order_cents
    ):
        raise InvalidInputError([DISCOUNT_UNAVAILABLE])
    return _discount_line(code, code.amount_off(subtotal_cents))


DISCOUNT_UNAVAILABLE = FieldFault(
    field="discount_code",
    code="discount_unavailable",
    message="this code cannot be used for this booking",
)


def _discount_line(code: DiscountCode, off_cents: int) -> QuoteLine:
    return QuoteLine(
        kind=LineKind.DISCOUNT,
        code=code.code,
        label=f"Discount {code.code}",
        amount_cents=-off_cents,
        rule_id=code.id,
        rate_bp=code.rate_bp if code.kind is DiscountKind.PERCENTAGE else None,
    )


def adjustment_line(adjustment: PriceAdjustment, *, so_far_cents: int) -> QuoteLine:
    """Return the line of a staff override.

    Raises:
        InvalidInputError: it gives no reason, or would take more off than there is.
    """
    if not adjustment.reason.strip():
        fault = FieldFault(field="adjustment.reason", code="blank", message="must not be blank")
        raise InvalidInputError([fault])
    if so_far_cents + adjustment.amount_cents < 0:
        message = f"must not take off more than {so_far_cents} cents"
        fault = FieldFault(field="adjustment.amount_cents", code="out_of_range", message=message)
        raise InvalidInputError([fault])
    return QuoteLine(
        kind=LineKind.ADJUSTMENT,
        code="adjustment",
        label=adjustment.reason,
        amount_cents=adjustment.amount_cents,
    )


def tax_lines(
    rules: Sequence[TaxRule], lines: Sequence[QuoteLine], *, discount_cents: int
) -> list[QuoteLine]:
    """Return one line a rule that has something to tax.

    `lines` are those the discount (0 or more) lies on, then the adjustment, if any.
    """
    net = [(line.kind, line.amount_cents) for line in lines]
    if discount_cents:
        shares = _discount_shares(lines, discount_cents)
        net = [(kind, cents - share) for (kind, cents), share in zip(net, shares, strict=True)]
    taxes = []
    for rule in rules:
        taxable_cents = sum([cents for kind, cents in net if kind in rule.line_kinds])
        if taxable_cents > 0:
            taxes.append(_tax_line(rule, taxable_cents))
    return taxes


def _discount_shares(lines: Sequence[QuoteLine], discount_cents: int) -> tuple[int, ...]:
    """Spread the discount over the lines it lies on: all but a staff adjustment."""
    return spread(
        discount_cents,
        [0 if line.kind is LineKind.ADJUSTMENT else line.amount_cents for line in lines],
    )


def _tax_line(rule: TaxRule, taxable_cents: int) -> QuoteLine:
    return QuoteLine(
        kind=LineKind.TAX,
        code=rule.slug,
        label=rule.name,
        amount_cents=tax_half_up(taxable_cents, rule.rate_bp),
        rule_id=rule.id,
        rate_bp=rule.rate_bp,
    )
