"""Organizers who pack or unpack a home, by tier."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.catalog.mini_move_package import DEFAULT_HOURS, MAX_HOURS
from totetaxi_core.document import Section


class OrganizingTier(StrEnum):
    ESSENTIAL = "essential"
    PREMIUM = "premium"
    LUXURY = "luxury"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizingService:
    """One visit: packing before the move when `is_packing`, unpacking after it otherwise."""

    id: UUID
    slug: str
    name: str
    description: str
    tier: OrganizingTier
    is_packing: bool
    price_cents: int
    estimated_hours: int
    organizer_count: int
    supplies_allowance_cents: int
    includes_supplies: bool
    includes_donation_coordination: bool
    includes_custom_organization_system: bool
    is_active: bool
    sort_order: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            description=section.text("description", default=""),
            tier=section.choice("tier", OrganizingTier),
            is_packing=section.flag("is_packing"),
            price_cents=section.whole("price_cents"),
            estimated_hours=section.whole(
                "estimated_hours", default=DEFAULT_HOURS, minimum=1, maximum=MAX_HOURS
            ),
            organizer_count=section.whole("organizer_count", default=1, minimum=1),
            supplies_allowance_cents=section.whole("supplies_allowance_cents", default=0),
            includes_supplies=section.flag("includes_supplies", default=False),
            includes_donation_coordination=section.flag(
                "includes_donation_coordination", default=False
            ),
            includes_custom_organization_system=section.flag(
                "includes_custom_organization_system", default=False
            ),
            is_active=section.flag("is_active", default=True),
            sort_order=section.whole("sort_order", default=0),
        )
