"""The book's flat fees for extras."""

from dataclasses import dataclass
from typing import Self

from totetaxi_core.document import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """`coi_cents` is for a certificate of insurance, which some packages include."""

    packing_cents: int
    unpacking_cents: int
    coi_cents: int
    same_day_cents: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            packing_cents=section.whole("packing_cents"),
            unpacking_cents=section.whole("unpacking_cents"),
            coi_cents=section.whole("coi_cents"),
            same_day_cents=section.whole("same_day_cents"),
        )
