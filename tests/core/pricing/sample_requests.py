"""Requests on the small book: Tuesday, 1 December 2026, 09:30, from 10001 to 11937."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from tests.core.price_book.small_document import id_of
from totetaxi_core import (
    FieldFault,
    InvalidInputError,
    PriceBook,
    Quote,
    QuoteRequest,
    ServiceType,
    SpecialtyChoice,
    quote,
)

TUESDAY = date(2026, 12, 1)
SATURDAY = date(2026, 12, 5)
MINI_MOVE = QuoteRequest(
    service_type=ServiceType.MINI_MOVE,
    pickup_date=TUESDAY,
    pickup_time=time(9, 30),
    pickup_zip="10001",
    delivery_zip="11937",
    mini_move_package_id=id_of("petite"),
)
DELIVERY = replace(MINI_MOVE, service_type=ServiceType.STANDARD_DELIVERY, mini_move_package_id=None)
ORGANIZING = replace(
    MINI_MOVE,
    service_type=ServiceType.ORGANIZING_ONLY,
    mini_move_package_id=None,
    delivery_zip=None,
    organizing_service_ids=(id_of("pack"),),
)
BLADE = replace(
    MINI_MOVE,
    service_type=ServiceType.BLADE_DELIVERY,
    mini_move_package_id=None,
    blade_service_id=id_of("heli"),
    total_weight_lb=80,
)


def asking(request: QuoteRequest, **changes: Any) -> QuoteRequest:  # noqa: ANN401  as replace() takes
    return replace(request, **changes)


def pieces(*slugs: str, quantity: int = 1) -> tuple[SpecialtyChoice, ...]:
    return tuple(SpecialtyChoice(id=id_of(slug), quantity=quantity) for slug in slugs)


def lines_of(priced: Quote) -> list[tuple[str, str, int]]:
    return [(line.kind.value, line.code, line.amount_cents) for line in priced.lines]


def codes_of(priced: Quote) -> list[str]:
    return [line.code for line in priced.lines]


def surcharges_of(priced: Quote) -> list[tuple[str, int]]:
    return [
        (line.code, line.amount_cents) for line in priced.lines if line.kind.endswith("surcharge")
    ]


def faults_of(request: QuoteRequest, book: PriceBook) -> list[tuple[str, str]]:
    """Return what the refusal names, as fields and codes; empty when it is priced."""
    return [(fault.field, fault.code) for fault in refusal_of(request, book)]


def refusal_of(request: QuoteRequest, book: PriceBook) -> tuple[FieldFault, ...]:
    try:
        quote(request, book)
    except InvalidInputError as refusal:
        return refusal.faults
    return ()
