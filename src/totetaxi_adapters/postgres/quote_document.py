"""The parts of a quote that are stored as JSON: the pricing fields, and lines on their way."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import (
    LineKind,
    PriceAdjustment,
    Quote,
    QuoteLine,
    QuoteRequest,
    SpecialtyChoice,
)

CODE_BOOK_VERSION: Final = "code_book_version"


def pricing_fields(quote: Quote) -> dict[str, object]:
    """Return every field of its request but service, date and time, which have columns.

    And whose terms its code has; prices stored before that was known are without it.
    """
    request = quote.request
    adjustment = request.adjustment
    return {
        "pickup_zip": request.pickup_zip,
        "delivery_zip": request.delivery_zip,
        "mini_move_package_id": _text(request.mini_move_package_id),
        "organizing_service_ids": [str(entry) for entry in request.organizing_service_ids],
        "blade_service_id": _text(request.blade_service_id),
        "item_count": request.item_count,
        "specialty_items": [[str(item.id), item.quantity] for item in request.specialty_items],
        "include_packing": request.include_packing,
        "include_unpacking": request.include_unpacking,
        "coi_required": request.coi_required,
        "same_day": request.same_day,
        "total_weight_lb": request.total_weight_lb,
        "discount_code": request.discount_code,
        "adjustment": adjustment and [adjustment.amount_cents, adjustment.reason],
        CODE_BOOK_VERSION: quote.code_book_version,
    }


def code_book_version_from(fields: Mapping[str, Any]) -> int | None:
    """Return the version of the book whose terms the code has, None for the price's own."""
    version: int | None = fields.get(CODE_BOOK_VERSION)
    return version


def request_from(
    fields: Mapping[str, Any], *, service_type: str, pickup_date: date, pickup_time: time
) -> QuoteRequest:
    """Return the request that was stored."""
    adjustment = fields["adjustment"]
    return QuoteRequest(
        service_type=ServiceType(service_type),
        pickup_date=pickup_date,
        pickup_time=pickup_time,
        pickup_zip=fields["pickup_zip"],
        delivery_zip=fields["delivery_zip"],
        mini_move_package_id=_uuid(fields["mini_move_package_id"]),
        organizing_service_ids=tuple(UUID(entry) for entry in fields["organizing_service_ids"]),
        blade_service_id=_uuid(fields["blade_service_id"]),
        item_count=fields["item_count"],
        specialty_items=tuple(
            SpecialtyChoice(id=UUID(item), quantity=quantity)
            for item, quantity in fields["specialty_items"]
        ),
        include_packing=fields["include_packing"],
        include_unpacking=fields["include_unpacking"],
        coi_required=fields["coi_required"],
        same_day=fields["same_day"],
        total_weight_lb=fields["total_weight_lb"],
        discount_code=fields["discount_code"],
        adjustment=adjustment and PriceAdjustment(amount_cents=adjustment[0], reason=adjustment[1]),
    )


# Lines travel as arrays, in this order, to and from their table.
LINE_COLUMNS = (
    "kind",
    "code",
    "label",
    "amount_cents",
    "rule_id",
    "quantity",
    "unit_cents",
    "rate_bp",
)


def line_records(lines: Sequence[QuoteLine]) -> list[dict[str, object]]:
    """Return one record a line, `position` counting from 0."""
    return [
        {
            "position": position,
            "kind": line.kind,
            "code": line.code,
            "label": line.label,
            "amount_cents": line.amount_cents,
            "rule_id": _text(line.rule_id),
            "quantity": line.quantity,
            "unit_cents": line.unit_cents,
            "rate_bp": line.rate_bp,
        }
        for position, line in enumerate(lines)
    ]


def lines_from(arrays: Sequence[Sequence[Any]] | None) -> tuple[QuoteLine, ...]:
    """Return the lines of arrays in the order of LINE_COLUMNS; None is no line."""
    return tuple(
        QuoteLine(
            kind=LineKind(kind),
            code=code,
            label=label,
            amount_cents=amount_cents,
            rule_id=_uuid(rule_id),
            quantity=quantity,
            unit_cents=unit_cents,
            rate_bp=rate_bp,
        )
        for kind, code, label, amount_cents, rule_id, quantity, unit_cents, rate_bp in arrays or ()
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
