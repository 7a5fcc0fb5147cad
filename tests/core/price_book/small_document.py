"""A price book so small that every price in it can be kept in one's head."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from totetaxi_core import PriceBook

Document = dict[str, Any]


def id_of(slug: str) -> UUID:
    return uuid5(NAMESPACE_URL, slug)


def entry(slug: str, /, **fields: object) -> Document:
    return {"id": str(id_of(slug)), "slug": slug, "name": slug.title(), **fields}


def rule(slug: str, /, **fields: object) -> Document:
    """Return a surcharge rule of 100 cents that always matches, but for these fields."""
    return entry(slug, **{"kind": "fixed", "amount_cents": 100, **fields})


def share_rule(slug: str, rate_bp: int, /, **fields: object) -> Document:
    return entry(slug, kind="percentage", rate_bp=rate_bp, **fields)


def tax(slug: str, rate_bp: int, *line_kinds: str) -> Document:
    return entry(slug, rate_bp=rate_bp, line_kinds=list(line_kinds))


def code(text: str, /, **fields: object) -> Document:
    return {"id": str(id_of(text)), "code": text, "kind": "fixed", "amount_cents": 1_000, **fields}


def share_code(text: str, rate_bp: int, /, **fields: object) -> Document:
    return {
        "id": str(id_of(text)),
        "code": text,
        "kind": "percentage",
        "rate_bp": rate_bp,
        **fields,
    }


def small_document(**changes: object) -> Document:
    document: Document = {
        "title": "Small",
        "currency": "USD",
        "mini_move_packages": [
            entry("petite", base_price_cents=10_001, max_items=3),
            entry(
                "roomy",
                base_price_cents=20_000,
                packing_cents=700,
                unpacking_cents=0,
                coi_included=True,
                estimated_hours=3,
            ),
            entry("retired-package", base_price_cents=1, is_active=False),
        ],
        "organizing_services": [
            _visit("pack", price_cents=3_333, is_packing=True, estimated_hours=4),
            _visit("unpack", price_cents=2_222, is_packing=False, estimated_hours=5),
            _visit("grand-pack", price_cents=4_444, is_packing=True, tier="luxury"),
            _visit("retired-pack", price_cents=1, is_packing=True, is_active=False),
        ],
        "specialty_items": [
            entry("bike", price_cents=1_111),
            entry("board", price_cents=2_345),
            entry("retired-item", price_cents=1, is_active=False),
        ],
        "standard_delivery": {
            "price_per_item_cents": 950,
            "minimum_items": 2,
            "minimum_charge_cents": 2_850,
            "estimated_hours": 1,
        },
        "blade_services": [_flight("heli"), _flight("retired-heli", is_active=False)],
        "fees": {
            "packing_cents": 501,
            "unpacking_cents": 502,
            "coi_cents": 503,
            "same_day_cents": 504,
        },
        "zones": {
            "city": ["10001", "10002"],
            "shore": ["11937"],
            "west": ["07302"],
            "far": ["90210"],
        },
        "service_area": ["city", "shore", "west"],
        "surcharge_rules": [],
        "tax_rules": [],
        "discount_codes": [],
        "cancellation_terms": [
            {"notice_hours": 48, "refund_bp": 10_000},
            {"notice_hours": 24, "refund_bp": 5_000},
            {"notice_hours": 0, "refund_bp": 0},
        ],
        "points": {
            "10001": {"latitude": 0, "longitude": 0},
            "07302": {"latitude": 0, "longitude": 0},
            "11937": {"latitude": 0, "longitude": 1},
        },
    }
    return document | changes


def small_book(**changes: object) -> PriceBook:
    return PriceBook.from_document(small_document(**changes))


def _visit(slug: str, /, **fields: object) -> Document:
    return entry(slug, **{"tier": "essential", **fields})


def _flight(slug: str, /, **fields: object) -> Document:
    return entry(
        slug,
        aircraft_type="Bell 407",
        max_weight_lb=100,
        price_per_mile_cents=33,
        minimum_price_cents=1_000,
        **fields,
    )
