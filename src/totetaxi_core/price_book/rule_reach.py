"""Which pickups a surcharge rule can reach, so that two rules can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from totetaxi_core.catalog import ServiceType
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.surcharge_rule import SurchargeRule
from totetaxi_core.scheduling.schedule import Schedule

EVERY_DAY: Final = frozenset(range(7))
ALL_SERVICES: Final = frozenset(ServiceType)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The conditions of a rule as sets and spans; `zips` None is anywhere.

    Minutes are `[start, end)`, the last pickup's included; dates are inclusive. `impossible` says
    why nothing can match, None if something can.
    """

    services: frozenset[ServiceType]
    weekdays: frozenset[int]
    days: tuple[date, date]
    minutes: tuple[int, int]
    zips: frozenset[str] | None
    impossible: str | None

    @classmethod
    def of(cls, rule: SurchargeRule, book: PriceBook, schedule: Schedule) -> "Reach":
        days = rule.date_from or date.min, rule.date_to or date.max
        minutes = _minutes(rule)
        served = frozenset().union(*(book.zones[zone] for zone in book.service_area))
        zips = rule.zip_codes & served if rule.is_geographic else None
        return cls(
            services=frozenset({rule.service_type}) if rule.service_type else ALL_SERVICES,
            weekdays=rule.weekdays or EVERY_DAY,
            days=days,
            minutes=minutes,
            zips=zips,
            impossible=next(_flaws(rule, minutes, zips, schedule), None),
        )

    @property
    def has_no_base(self) -> bool:
        """Tell whether it reaches organizing alone, whose base line is 0."""
        return self.services == {ServiceType.ORGANIZING_ONLY}

    def overlaps(self, other: "Reach") -> bool:
        """Tell whether one pickup can match both."""
        if self.impossible or other.impossible:
            return False
        first, last = max(self.days[0], other.days[0]), min(self.days[1], other.days[1])
        weekdays = self.weekdays & other.weekdays
        return (
            bool(self.services & other.services)
            and first <= last
            and _has_weekday(first, last, weekdays)
            and max(self.minutes[0], other.minutes[0]) < min(self.minutes[1], other.minutes[1])
        )

    def lies_in(self, other: "Reach") -> bool:
        """Tell whether every pickup that matches this one matches the other."""
        if self.impossible or other.impossible:
            return False
        is_within_area = other.zips is None or (self.zips is not None and self.zips <= other.zips)
        return (
            self.services <= other.services
            and self.weekdays <= other.weekdays
            and other.days[0] <= self.days[0]
            and self.days[1] <= other.days[1]
            and other.minutes[0] <= self.minutes[0]
            and self.minutes[1] <= other.minutes[1]
            and is_within_area
        )


def _flaws(
    rule: SurchargeRule, minutes: tuple[int, int], zips: frozenset[str] | None, schedule: Schedule
) -> Iterator[str]:
    """Two places overlap always: pickup may lie in the one and delivery in the other."""
    if zips is not None and not zips:
        yield "none of its ZIPs is in the service area"
    first, last = rule.date_from or date.min, rule.date_to or date.max
    if not _has_weekday(first, last, rule.weekdays or EVERY_DAY):
        yield "none of its weekdays lies between its dates"
    opens, closes = _minute(schedule.opens_at), _minute(schedule.last_pickup_at)
    if minutes[1] <= opens or minutes[0] > closes:
        yield f"pickups are from {schedule.opens_at:%H:%M} to {schedule.last_pickup_at:%H:%M}"


def _minutes(rule: SurchargeRule) -> tuple[int, int]:
    end = _minute(rule.time_end) if rule.time_end else 24 * 60
    return _minute(rule.time_start or time.min), end


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _has_weekday(first: date, last: date, weekdays: frozenset[int]) -> bool:
    span = min((last - first).days, len(EVERY_DAY) - 1)
    return any((first + timedelta(days=day)).weekday() in weekdays for day in range(span + 1))
