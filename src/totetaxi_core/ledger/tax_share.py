"""How much of a refund is sales tax that goes back with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedCharge:
    """A charge and what of it has gone back; both tax figures are part of their amounts."""

    charged_cents: int
    tax_cents: int
    refunded_cents: int = 0
    tax_refunded_cents: int = 0

    def tax_share(self, amount_cents: int) -> int:
        """Return the tax in a refund of `amount_cents`, at most what is left of the charge.

        Each refund brings the tax given back, in whole cents, to the part of the charge that is
        given back: the last cent of the charge takes the last cent of tax with it, in whatever
        order partial refunds were made, and failed.
        """
        if self.charged_cents <= 0:
            return 0  # its price has fallen to nothing since
        back_cents = self.refunded_cents + amount_cents
        even_cents = self.tax_cents * back_cents // self.charged_cents - self.tax_refunded_cents
        # Refunds that failed may have left the tax given back cents above its part, or below.
        return max(0, min(even_cents, amount_cents))
