"""Lines for what goes with the base: specialty items, organizing, add-ons.

Source: docs/pricing.md, "Extras".
"""

from uuid import UUID

from totetaxi_core.catalog import SpecialtyItem
from totetaxi_core.pricing.choices import Choices
from totetaxi_core.pricing.compiled_book import CompiledBook
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest


def extra_lines(request: QuoteRequest, choices: Choices, prices: CompiledBook) -> list[QuoteLine]:
    """Return the specialty, organizing and add-on lines, in this order."""
    lines = [_specialty_line(item, quantity) for item, quantity in choices.specialty]
    lines += [prices.organizing_lines[service.id] for service in choices.organizing]
    if request.include_packing or request.include_unpacking:
        lines += _packing_lines(request, choices, prices)
    if request.coi_required and not (choices.package and choices.package.coi_included):
        lines.append(_addon("coi", "Certificate of insurance", prices.book.fees.coi_cents))
    if request.same_day:
        lines.append(_addon("same_day", "Same-day delivery", prices.book.fees.same_day_cents))
    return lines


def _specialty_line(item: SpecialtyItem, quantity: int) -> QuoteLine:
    return QuoteLine(
        kind=LineKind.SPECIALTY,
        code=item.slug,
        label=item.name,
        amount_cents=item.price_cents * quantity,
        rule_id=item.id,
        quantity=quantity,
        unit_cents=item.price_cents,
    )


def _packing_lines(
    request: QuoteRequest, choices: Choices, prices: CompiledBook
) -> list[QuoteLine]:
    package, fees, lines = choices.package, prices.book.fees, []
    if request.include_packing:
        own = package.packing_cents if package else None
        lines.append(_fee_or_own("packing", "Packing", own, fees.packing_cents, choices))
    if request.include_unpacking:
        own = package.unpacking_cents if package else None
        lines.append(_fee_or_own("unpacking", "Unpacking", own, fees.unpacking_cents, choices))
    return lines


def _fee_or_own(
    code: str, label: str, own_cents: int | None, fee_cents: int, choices: Choices
) -> QuoteLine:
    if own_cents is None or choices.package is None:
        return _addon(code, label, fee_cents)
    return _addon(code, label, own_cents, rule_id=choices.package.id)


def _addon(code: str, label: str, amount_cents: int, rule_id: UUID | None = None) -> QuoteLine:
    return QuoteLine(
        kind=LineKind.ADDON, code=code, label=label, amount_cents=amount_cents, rule_id=rule_id
    )
