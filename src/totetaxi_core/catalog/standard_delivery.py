"""Delivery by the piece, with a minimum charge."""

from dataclasses import dataclass
from typing import Self

from totetaxi_core.catalog.mini_move_package import DEFAULT_HOURS, MAX_HOURS
from totetaxi_core.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardDelivery:
    """`minimum_items` is what a request that names nothing at all is priced for."""

    price_per_item_cents: int
    minimum_items: int
    minimum_charge_cents: int
    max_weight_per_item_lb: int | None
    estimated_hours: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            price_per_item_cents=section.whole("price_per_item_cents"),
            minimum_items=section.whole("minimum_items", default=1, minimum=1),
            minimum_charge_cents=section.whole("minimum_charge_cents"),
            max_weight_per_item_lb=section.optional_whole("max_weight_per_item_lb", minimum=1),
            estimated_hours=section.whole(
                "estimated_hours", default=DEFAULT_HOURS, minimum=1, maximum=MAX_HOURS
            ),
        )
