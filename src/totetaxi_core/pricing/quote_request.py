"""What a price depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from totetaxi_core.catalog import ServiceType


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyChoice:
    """So many pieces of one specialty item."""

    id: UUID
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAdjustment:
    """A staff price override: cents added (or, negative, taken off), and why."""

    amount_cents: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRequest:
    """The pricing fields of a preview or booking.

    Date and time are the business's own (America/New_York). ZIPs are `12345` or `12345-6789`;
    `organizing_only` has the pickup address alone. `item_count` counts pieces that are not
    specialty items; None and 0 pieces are different things: see docs/pricing.md, "Base".
    """

    service_type: ServiceType
    pickup_date: date
    pickup_time: time
    pickup_zip: str
    delivery_zip: str | None = None
    mini_move_package_id: UUID | None = None
    organizing_service_ids: tuple[UUID, ...] = ()
    blade_service_id: UUID | None = None
    item_count: int | None = None
    specialty_items: tuple[SpecialtyChoice, ...] = ()
    include_packing: bool = False
    include_unpacking: bool = False
    coi_required: bool = False
    same_day: bool = False
    total_weight_lb: int | None = None
    discount_code: str | None = None
    adjustment: PriceAdjustment | None = None

    @property
    def specialty_quantities(self) -> Mapping[UUID, int]:
        """Pieces by item: the same item named twice is one entry."""
        quantities: dict[UUID, int] = {}
        for choice in self.specialty_items:
            quantities[choice.id] = quantities.get(choice.id, 0) + choice.quantity
        return quantities
