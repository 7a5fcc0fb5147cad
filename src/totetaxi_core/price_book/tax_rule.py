"""A tax on some kinds of quote lines."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.document import Section

MAX_TAX_BP = 10_000


class TaxableKind(StrEnum):
    """The kinds of line a tax may lie on."""

    BASE = "base"
    SPECIALTY = "specialty"
    ORGANIZING = "organizing"
    ADDON = "addon"
    TIME_SURCHARGE = "time_surcharge"
    GEOGRAPHIC_SURCHARGE = "geographic_surcharge"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """`rate_bp` of the lines of these kinds, less their share of the discount. 825 bp is 8.25 %."""

    id: UUID
    slug: str
    name: str
    rate_bp: int
    line_kinds: frozenset[str]
    is_active: bool

    @classmethod
    def read(cls, section: Section) -> Self:
        if not section.has("line_kinds"):
            section.fault("line_kinds", "missing", "is required")
        return cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            rate_bp=section.whole("rate_bp", maximum=MAX_TAX_BP),
            line_kinds=frozenset(section.choices("line_kinds", TaxableKind)),
            is_active=section.flag("is_active", default=True),
        )
