"""A rule that adds one line when every condition it states holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.document import Flaw, Section
from totetaxi_core.geography.zip_code import five_digits
from totetaxi_core.money import share_down
from totetaxi_core.weekday import Weekday

MAX_RATE_BP = 1_000_000


class SurchargeKind(StrEnum):
    FIXED = "fixed"
    PERCENTAGE = "percentage"
    PER_HOUR = "per_hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurchargeRule:
    """A condition that is None or empty is not stated.

    Time of day is `[time_start, time_end)`; dates are inclusive; all in the business's own zone.
    `zip_codes` holds those named and those of the zones named. Of the matching rules of one
    `exclusive_group` one stays.
    """

    id: UUID
    slug: str
    name: str
    kind: SurchargeKind
    amount_cents: int
    rate_bp: int
    service_type: ServiceType | None
    time_start: time | None
    time_end: time | None
    date_from: date | None
    date_to: date | None
    weekdays: frozenset[int]
    zip_codes: frozenset[str]
    zones: tuple[str, ...]
    is_geographic: bool
    per_address: bool
    exclusive_group: str | None
    priority: int
    is_active: bool

    @classmethod
    def read(cls, section: Section, *, zones: dict[str, frozenset[str]]) -> Self:
        kind = section.choice("kind", SurchargeKind)
        is_share = kind is SurchargeKind.PERCENTAGE
        named_zones, zip_codes = _area(section, zones)
        is_geographic = section.has("zip_codes") or section.has("zones")
        rule = cls(
            id=section.uuid("id"),
            slug=section.text("slug"),
            name=section.text("name"),
            kind=kind,
            amount_cents=0 if is_share else section.whole("amount_cents"),
            rate_bp=section.whole("rate_bp", maximum=MAX_RATE_BP) if is_share else 0,
            service_type=_service_type(section),
            time_start=section.clock("time_start"),
            time_end=section.clock("time_end"),
            date_from=section.day("date_from"),
            date_to=section.day("date_to"),
            weekdays=frozenset(day.number for day in section.choices("weekdays", Weekday)),
            zip_codes=zip_codes,
            zones=named_zones,
            is_geographic=is_geographic,
            per_address=section.flag("per_address", default=False),
            exclusive_group=section.text("exclusive_group")
            if section.has("exclusive_group")
            else None,
            priority=section.whole("priority", default=0, minimum=-1_000_000),
            is_active=section.flag("is_active", default=True),
        )
        rule.check(section)
        return rule

    def check(self, section: Section) -> None:
        """Note the conditions that can never hold together."""
        if self.time_end and self.time_end <= (self.time_start or time.min):
            message = "must be after time_start; leave it out for the end of the day"
            section.fault("time_end", "out_of_order", message)
        if self.date_from and self.date_to and self.date_to < self.date_from:
            section.fault("date_to", "out_of_order", "must not be before date_from")
        if self.per_address and not self.is_geographic:
            section.fault("per_address", "not_applicable", "needs zip_codes or zones")

    def unit_cents(self, *, base_cents: int, hours: int) -> int:
        """Return what the rule asks for one address: rounded, before any multiplying."""
        if self.kind is SurchargeKind.FIXED:
            return self.amount_cents
        if self.kind is SurchargeKind.PERCENTAGE:
            return share_down(base_cents, self.rate_bp)
        return self.amount_cents * hours


def _service_type(section: Section) -> ServiceType | None:
    if section.raw("service_type") in (None, "all"):
        return None
    return section.choice("service_type", ServiceType)


def _area(
    section: Section, zones: dict[str, frozenset[str]]
) -> tuple[tuple[str, ...], frozenset[str]]:
    named = section.texts("zones", flaw=lambda zone: zone_flaw(zone, zones))
    own = section.texts("zip_codes", flaw=zip_flaw)
    members = [zones[zone] for zone in named if zone in zones]
    return named, frozenset(own).union(*members)


def zone_flaw(zone: str, zones: Collection[str]) -> Flaw | None:
    return None if zone in zones else ("unknown_zone", f"{zone} is not a zone of this book")


def zip_flaw(zip_code: str) -> Flaw | None:
    return None if five_digits(zip_code) == zip_code else ("invalid_zip", "must be five digits")
