"""The catalog as clients see it: active entries, money in cents and beside it in dollars."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.catalog import (
    BladeService,
    Fees,
    MiniMovePackage,
    OrganizingService,
    OrganizingTier,
    SpecialtyItem,
    StandardDelivery,
)
from totetaxi_core.money import dollars


def shown(entries: Iterable[Any]) -> list[Any]:
    """Return the active entries in the order they are shown."""
    active = [entry for entry in entries if entry.is_active]
    return sorted(active, key=lambda entry: (entry.sort_order, entry.name))


@attrs.frozen(kw_only=True)
class PackageResponse:
    """A mini move; `max_items` null is without limit, `packing_cents` null the usual fee."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "b45a5a21-11e4-5f50-b1fc-cdeb07853098",
        "slug": "petite",
        "name": "Petite",
        "description": "Shared van, up to 15 items.",
        "max_items": 15,
        "estimated_volume_cubic_feet": None,
        "max_weight_per_item_lb": 50,
        "base_price_cents": 99_500,
        "base_price_dollars": "995.00",
        "packing_cents": None,
        "unpacking_cents": None,
        "estimated_hours": 2,
        "coi_included": False,
        "is_most_popular": False,
        "sort_order": 1,
    }

    id: UUID
    slug: str
    name: str
    description: str
    max_items: int | None
    estimated_volume_cubic_feet: int | None
    max_weight_per_item_lb: int | None
    base_price_cents: int
    base_price_dollars: str
    packing_cents: int | None
    unpacking_cents: int | None
    estimated_hours: int
    coi_included: bool
    is_most_popular: bool
    sort_order: int

    @classmethod
    def of(cls, package: MiniMovePackage) -> Self:
        return cls(
            id=package.id,
            slug=package.slug,
            name=package.name,
            description=package.description,
            max_items=package.max_items,
            estimated_volume_cubic_feet=package.estimated_volume_cubic_feet,
            max_weight_per_item_lb=package.max_weight_per_item_lb,
            base_price_cents=package.base_price_cents,
            base_price_dollars=dollars(package.base_price_cents),
            packing_cents=package.packing_cents,
            unpacking_cents=package.unpacking_cents,
            estimated_hours=package.estimated_hours,
            coi_included=package.coi_included,
            is_most_popular=package.is_most_popular,
            sort_order=package.sort_order,
        )


@attrs.frozen(kw_only=True)
class OrganizingResponse:
    """An organizing service: packing before the move, or unpacking after it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
        "slug": "petite-packing",
        "name": "Petite packing",
        "description": "",
        "tier": "essential",
        "is_packing": True,
        "price_cents": 244_500,
        "price_dollars": "2445.00",
        "estimated_hours": 4,
        "organizer_count": 2,
        "supplies_allowance_cents": 25_000,
        "includes_supplies": True,
        "includes_donation_coordination": False,
        "includes_custom_organization_system": False,
        "sort_order": 1,
    }

    id: UUID
    slug: str
    name: str
    description: str
    tier: OrganizingTier
    is_packing: bool
    price_cents: int
    price_dollars: str
    estimated_hours: int
    organizer_count: int
    supplies_allowance_cents: int
    includes_supplies: bool
    includes_donation_coordination: bool
    includes_custom_organization_system: bool
    sort_order: int

    @classmethod
    def of(cls, service: OrganizingService) -> Self:
        return cls(
            id=service.id,
            slug=service.slug,
            name=service.name,
            description=service.description,
            tier=service.tier,
            is_packing=service.is_packing,
            price_cents=service.price_cents,
            price_dollars=dollars(service.price_cents),
            estimated_hours=service.estimated_hours,
            organizer_count=service.organizer_count,
            supplies_allowance_cents=service.supplies_allowance_cents,
            includes_supplies=service.includes_supplies,
            includes_donation_coordination=service.includes_donation_coordination,
            includes_custom_organization_system=service.includes_custom_organization_system,
            sort_order=service.sort_order,
        )


@attrs.frozen(kw_only=True)
class SpecialtyItemResponse:
    """A piece priced by itself."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "eb5152df-706e-5fad-944a-85334292a659",
        "slug": "peloton",
        "name": "Peloton or other large equipment",
        "description": "",
        "price_cents": 50_000,
        "price_dollars": "500.00",
        "special_handling": True,
        "sort_order": 1,
    }

    id: UUID
    slug: str
    name: str
    description: str
    price_cents: int
    price_dollars: str
    special_handling: bool
    sort_order: int

    @classmethod
    def of(cls, item: SpecialtyItem) -> Self:
        return cls(
            id=item.id,
            slug=item.slug,
            name=item.name,
            description=item.description,
            price_cents=item.price_cents,
            price_dollars=dollars(item.price_cents),
            special_handling=item.special_handling,
            sort_order=item.sort_order,
        )


@attrs.frozen(kw_only=True)
class StandardDeliveryResponse:
    """Delivery by the piece."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "price_per_item_cents": 9_500,
        "price_per_item_dollars": "95.00",
        "minimum_items": 1,
        "minimum_charge_cents": 28_500,
        "minimum_charge_dollars": "285.00",
        "max_weight_per_item_lb": 50,
        "estimated_hours": 2,
    }

    price_per_item_cents: int
    price_per_item_dollars: str
    minimum_items: int
    minimum_charge_cents: int
    minimum_charge_dollars: str
    max_weight_per_item_lb: int | None
    estimated_hours: int

    @classmethod
    def of(cls, terms: StandardDelivery) -> Self:
        return cls(
            price_per_item_cents=terms.price_per_item_cents,
            price_per_item_dollars=dollars(terms.price_per_item_cents),
            minimum_items=terms.minimum_items,
            minimum_charge_cents=terms.minimum_charge_cents,
            minimum_charge_dollars=dollars(terms.minimum_charge_cents),
            max_weight_per_item_lb=terms.max_weight_per_item_lb,
            estimated_hours=terms.estimated_hours,
        )


@attrs.frozen(kw_only=True)
class BladeServiceResponse:
    """Bags by helicopter, priced by the mile."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "dab29db3-960d-55b6-a387-41f99d0e7b67",
        "slug": "manhattan-hamptons-express",
        "name": "Manhattan to Hamptons Express",
        "description": "Helicopter delivery to the Hamptons.",
        "aircraft_type": "Bell 407",
        "max_weight_lb": 500,
        "price_per_mile_cents": 2_500,
        "price_per_mile_dollars": "25.00",
        "minimum_price_cents": 50_000,
        "minimum_price_dollars": "500.00",
        "estimated_hours": 2,
        "sort_order": 1,
    }

    id: UUID
    slug: str
    name: str
    description: str
    aircraft_type: str
    max_weight_lb: int
    price_per_mile_cents: int
    price_per_mile_dollars: str
    minimum_price_cents: int
    minimum_price_dollars: str
    estimated_hours: int
    sort_order: int

    @classmethod
    def of(cls, service: BladeService) -> Self:
        return cls(
            id=service.id,
            slug=service.slug,
            name=service.name,
            description=service.description,
            aircraft_type=service.aircraft_type,
            max_weight_lb=service.max_weight_lb,
            price_per_mile_cents=service.price_per_mile_cents,
            price_per_mile_dollars=dollars(service.price_per_mile_cents),
            minimum_price_cents=service.minimum_price_cents,
            minimum_price_dollars=dollars(service.minimum_price_cents),
            estimated_hours=service.estimated_hours,
            sort_order=service.sort_order,
        )


@attrs.frozen(kw_only=True)
class FeesResponse:
    """Flat fees; `coi` is a certificate of insurance."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "packing_cents": 5_000,
        "unpacking_cents": 5_000,
        "coi_cents": 5_000,
        "same_day_cents": 36_000,
    }

    packing_cents: int
    unpacking_cents: int
    coi_cents: int
    same_day_cents: int

    @classmethod
    def of(cls, fees: Fees) -> Self:
        return cls(
            packing_cents=fees.packing_cents,
            unpacking_cents=fees.unpacking_cents,
            coi_cents=fees.coi_cents,
            same_day_cents=fees.same_day_cents,
        )
