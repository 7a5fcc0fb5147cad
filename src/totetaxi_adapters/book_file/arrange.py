"""The order in which a book's fields are written: the database does not keep it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from totetaxi_core.catalog import (
    BladeService,
    Fees,
    MiniMovePackage,
    OrganizingService,
    SpecialtyItem,
    StandardDelivery,
)
from totetaxi_core.geography.point import Point
from totetaxi_core.price_book import CancellationTier, DiscountCode, SurchargeRule, TaxRule

SECTIONS: Final[Mapping[str, Any]] = {
    "title": None,
    "currency": None,
    "mini_move_packages": MiniMovePackage,
    "organizing_services": OrganizingService,
    "specialty_items": SpecialtyItem,
    "standard_delivery": StandardDelivery,
    "blade_services": BladeService,
    "fees": Fees,
    "surcharge_rules": SurchargeRule,
    "discount_codes": DiscountCode,
    "tax_rules": TaxRule,
    "cancellation_terms": CancellationTier,
    "service_area": None,
    "zones": None,
    "points": Point,
}


def arranged(document: Mapping[str, object]) -> dict[str, object]:
    """Return the document with its fields in the order a person reads them."""
    found = {name: _section(name, document) for name in SECTIONS if name in document}
    return found | {name: value for name, value in document.items() if name not in found}


def _section(name: str, document: Mapping[str, object]) -> object:
    value, kind = document[name], SECTIONS[name]
    if name == "zones" and isinstance(value, Mapping):
        served = document.get("service_area")
        first = served if isinstance(served, list | tuple) else ()
        return _in_order(value, [*first, *sorted(value)])
    if name == "points" and isinstance(value, Mapping):
        return {zip_code: _fields(value[zip_code], kind) for zip_code in sorted(value)}
    if isinstance(value, list | tuple):
        return [_fields(entry, kind) for entry in value]
    return _fields(value, kind)


def _fields(entry: object, kind: Any) -> object:  # noqa: ANN401  a dataclass, which has no type
    if kind is None or not isinstance(entry, Mapping):
        return entry
    return _in_order(entry, [field.name for field in fields(kind)])


def _in_order(entry: Mapping[str, object], names: list[str]) -> dict[str, object]:
    return {name: entry[name] for name in dict.fromkeys([*names, *entry]) if name in entry}
