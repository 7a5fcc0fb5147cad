"""How little and how much a customer may be charged at once.

Source: docs/pricing.md, "Charge limits".
"""

from dataclasses import dataclass

from totetaxi_core.money import dollars
from totetaxi_core.refusal import DomainError


class AmountTooSmallError(DomainError):
    """Less than a card can be charged, and not free."""

    code = "amount_too_small"
    field = "total_price_cents"

    def __init__(self, total_cents: int, minimum_cents: int) -> None:
        super().__init__(f"the total of ${dollars(total_cents)} is below ${dollars(minimum_cents)}")
        self.total_cents = total_cents


class AmountNeedsStaffError(DomainError):
    """More than a customer may book alone."""

    code = "amount_needs_staff"
    field = "total_price_cents"

    def __init__(self, total_cents: int, maximum_cents: int, phone: str) -> None:
        super().__init__(
            f"the total of ${dollars(total_cents)} is above ${dollars(maximum_cents)}: "
            f"please call us at {phone}"
        )
        self.total_cents = total_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLimits:
    """Both ends are allowed; 0 is always allowed and needs no payment."""

    minimum_cents: int = 100
    maximum_cents: int = 500_000
    support_phone: str

    def refusal(self, total_cents: int) -> DomainError | None:
        """Return why a customer may not be charged this, None if they may."""
        if 0 < total_cents < self.minimum_cents:
            return AmountTooSmallError(total_cents, self.minimum_cents)
        if total_cents > self.maximum_cents:
            return AmountNeedsStaffError(total_cents, self.maximum_cents, self.support_phone)
        return None

    def check(self, total_cents: int, *, staff_reason: str | None = None) -> None:
        """Refuse a total a customer may not be charged; staff may exceed the maximum.

        Raises:
            AmountTooSmallError: between nothing and the minimum.
            AmountNeedsStaffError: above the maximum, and no member of staff gave a reason.
        """
        refusal = self.refusal(total_cents)
        if isinstance(refusal, AmountNeedsStaffError) and staff_reason:
            return
        if refusal is not None:
            raise refusal
