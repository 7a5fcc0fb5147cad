"""How much of the price comes back when a booking is cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from totetaxi_core.document import Section
from totetaxi_core.money import BASIS_POINTS, share_down


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationTier:
    """`refund_bp` of what was paid, from `notice_hours` before pickup on, that instant included."""

    notice_hours: int
    refund_bp: int

    @classmethod
    def read(cls, section: Section) -> Self:
        return cls(
            notice_hours=section.whole("notice_hours", maximum=24 * 365),
            refund_bp=section.whole("refund_bp", maximum=BASIS_POINTS),
        )


@dataclass(frozen=True, slots=True)
class CancellationTerms:
    """Tiers by falling notice; less notice never pays more."""

    tiers: tuple[CancellationTier, ...]

    @classmethod
    def read(cls, sections: Iterable[Section]) -> Self:
        tiers: list[CancellationTier] = []
        for section in sections:
            tier = CancellationTier.read(section)
            if tiers and tier.notice_hours >= tiers[-1].notice_hours:
                section.fault("notice_hours", "out_of_order", "must fall from tier to tier")
            if tiers and tier.refund_bp > tiers[-1].refund_bp:
                section.fault("refund_bp", "out_of_order", "must not rise with less notice")
            tiers.append(tier)
        return cls(tuple(tiers))

    def refund_bp(self, *, pickup_at: datetime, at: datetime) -> int:
        """Return the share due when cancelled at an instant; both aware and in UTC."""
        notice = pickup_at - at
        for tier in self.tiers:
            if notice >= timedelta(hours=tier.notice_hours):
                return tier.refund_bp
        return 0

    def refund_cents(self, paid_cents: int, *, pickup_at: datetime, at: datetime) -> int:
        return share_down(paid_cents, self.refund_bp(pickup_at=pickup_at, at=at))
