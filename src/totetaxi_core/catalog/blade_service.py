"""Bags by helicopter, priced by the mile."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from totetaxi_core.catalog.mini_move_package import DEFAULT_HOURS, MAX_HOURS
from totetaxi_core.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class BladeService:
    id: UUID
    slug: str
    name: str
    description: str
    aircraft_type: str
    max_weight_lb: int
    price_per_mile_cents: int
    minimum_price_cents: int
    estimated_hours: int
    is_active: bool
    sort_order: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            description=section.text("description", default=""),
            aircraft_type=section.text("aircraft_type", max_length=50),
            max_weight_lb=section.whole("max_weight_lb", minimum=1),
            price_per_mile_cents=section.whole("price_per_mile_cents"),
            minimum_price_cents=section.whole("minimum_price_cents"),
            estimated_hours=section.whole(
                "estimated_hours", default=DEFAULT_HOURS, minimum=1, maximum=MAX_HOURS
            ),
            is_active=section.flag("is_active", default=True),
            sort_order=section.whole("sort_order", default=0),
        )

    def price_cents(self, tenths_of_mile: int) -> int:
        """Return the price of a flight, rounded down to the cent, at least the minimum."""
        return max(self.minimum_price_cents, tenths_of_mile * self.price_per_mile_cents // 10)
