"""A piece that is priced by itself: a Peloton, a surfboard, a crib."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from totetaxi_core.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyItem:
    id: UUID
    slug: str
    name: str
    description: str
    price_cents: int
    special_handling: bool
    is_active: bool
    sort_order: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            description=section.text("description", default=""),
            price_cents=section.whole("price_cents"),
            special_handling=section.flag("special_handling", default=False),
            is_active=section.flag("is_active", default=True),
            sort_order=section.whole("sort_order", default=0),
        )
