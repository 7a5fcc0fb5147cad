"""The base line of each service, and how long a crew is busy with it.

Source: docs/pricing.md, "Base".
"""

from dataclasses import dataclass

from totetaxi_core.catalog import BladeService, ServiceType
from totetaxi_core.geography.point import tenths_of_mile
from totetaxi_core.pricing.choices import Choices
from totetaxi_core.pricing.compiled_book import CompiledBook, base_line
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest

ORGANIZING_BASE = QuoteLine(
    kind=LineKind.BASE, code="organizing_only", label="Organizing", amount_cents=0
)


@dataclass(frozen=True, slots=True)
class Fare:
    """`line` is None for a delivery of specialty items alone. `hours` has no organizing in it."""

    line: QuoteLine | None
    hours: int


def fare(request: QuoteRequest, choices: Choices, prices: CompiledBook) -> Fare:
    """Return the base of a request whose choices were checked."""
    if choices.package is not None:
        return Fare(prices.package_lines[choices.package.id], choices.package.estimated_hours)
    if choices.blade is not None:
        return Fare(_flight(choices.blade, choices, prices), choices.blade.estimated_hours)
    if request.service_type is ServiceType.ORGANIZING_ONLY:
        return Fare(ORGANIZING_BASE, 0)
    return Fare(_delivery(request, prices), prices.book.standard_delivery.estimated_hours)


def _delivery(request: QuoteRequest, prices: CompiledBook) -> QuoteLine | None:
    terms = prices.book.standard_delivery
    count = request.item_count
    if count is None:
        if request.specialty_items:
            return None
        count = terms.minimum_items
    return QuoteLine(
        kind=LineKind.BASE,
        code="standard_delivery",
        label="Standard delivery",
        amount_cents=max(terms.minimum_charge_cents, count * terms.price_per_item_cents),
        quantity=count,
        unit_cents=terms.price_per_item_cents,
    )


def _flight(service: BladeService, choices: Choices, prices: CompiledBook) -> QuoteLine:
    points = prices.book.points
    start, end = points[choices.pickup_zip], points[choices.delivery_zip or choices.pickup_zip]
    return base_line(service, service.price_cents(tenths_of_mile(start, end)))
