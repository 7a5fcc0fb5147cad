"""A code that takes something off."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.document import Section
from totetaxi_core.money import BASIS_POINTS, share_down


class DiscountKind(StrEnum):
    FIXED = "fixed"
    PERCENTAGE = "percentage"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountCode:
    """Off the sum of the lines before tax. `service_types` empty is all of them.

    Valid in `[valid_from, valid_until)`, aware instants; None is open. `max_uses` and
    `max_uses_per_customer` None are without limit; uses are counted across versions of the book.
    """

    id: UUID
    code: str
    kind: DiscountKind
    amount_cents: int
    rate_bp: int
    max_discount_cents: int | None
    min_order_cents: int
    service_types: tuple[ServiceType, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    max_uses: int | None
    max_uses_per_customer: int | None
    is_active: bool

    @classmethod
    def read(cls, section: Section) -> Self:
        kind = section.choice("kind", DiscountKind)
        valid_from, valid_until = section.instant("valid_from"), section.instant("valid_until")
        if valid_from and valid_until and valid_until <= valid_from:
            section.fault("valid_until", "out_of_order", "must be after valid_from")
        code = section.text("code", max_length=50)
        if code != code.strip():
            section.fault("code", "untrimmed", "must not begin or end with a space")
        return cls(
            id=section.uuid("id"),
            code=code,
            kind=kind,
            amount_cents=section.whole("amount_cents") if kind is DiscountKind.FIXED else 0,
            rate_bp=(
                section.whole("rate_bp", maximum=BASIS_POINTS)
                if kind is DiscountKind.PERCENTAGE
                else 0
            ),
            max_discount_cents=section.optional_whole("max_discount_cents"),
            min_order_cents=section.whole("min_order_cents", default=0),
            service_types=section.choices("service_types", ServiceType),
            valid_from=valid_from,
            valid_until=valid_until,
            max_uses=section.optional_whole("max_uses"),
            max_uses_per_customer=section.optional_whole("max_uses_per_customer"),
            is_active=section.flag("is_active", default=True),
        )

    def serves(self, service_type: ServiceType, *, at: datetime | None) -> bool:
        """Tell whether it may be used for this service at this instant.

        Without an instant only a code that is always valid may.
        """
        if not self.is_active or (self.service_types and service_type not in self.service_types):
            return False
        if at is None:
            return self.valid_from is None and self.valid_until is None
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until)

    def amount_off(self, subtotal_cents: int) -> int:
        """Return the cents to take off a sum before tax, at most that sum; 0 below the minimum."""
        if subtotal_cents < self.min_order_cents:
            return 0
        share = share_down(subtotal_cents, self.rate_bp)
        off = self.amount_cents if self.kind is DiscountKind.FIXED else share
        if self.max_discount_cents is not None:
            off = min(off, self.max_discount_cents)
        return min(off, subtotal_cents)
