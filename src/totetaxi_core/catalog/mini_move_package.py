"""A mini move: so many items in a shared or private van, at one price."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from totetaxi_core.document import Section

DEFAULT_HOURS = 2
MAX_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniMovePackage:
    """`max_items` None is without limit; `packing_cents` None is the book's own fee."""

    id: UUID
    slug: str
    name: str
    description: str
    max_items: int | None
    estimated_volume_cubic_feet: int | None
    max_weight_per_item_lb: int | None
    base_price_cents: int
    packing_cents: int | None
    unpacking_cents: int | None
    estimated_hours: int
    coi_included: bool
    is_most_popular: bool
    is_active: bool
    sort_order: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            description=section.text("description", default=""),
            max_items=section.optional_whole("max_items", minimum=1),
            estimated_volume_cubic_feet=section.optional_whole("estimated_volume_cubic_feet"),
            max_weight_per_item_lb=section.optional_whole("max_weight_per_item_lb", minimum=1),
            base_price_cents=section.whole("base_price_cents"),
            packing_cents=section.optional_whole("packing_cents"),
            unpacking_cents=section.optional_whole("unpacking_cents"),
            estimated_hours=section.whole(
                "estimated_hours", default=DEFAULT_HOURS, minimum=1, maximum=MAX_HOURS
            ),
            coi_included=section.flag("coi_included", default=False),
            is_most_popular=section.flag("is_most_popular", default=False),
            is_active=section.flag("is_active", default=True),
            sort_order=section.whole("sort_order", default=0),
        )
