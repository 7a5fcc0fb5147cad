"""Finds the surcharge rules that match a pickup without trying each.

Every rule has a bit. Each condition answers the bits of the rules it lets pass, and a rule matches
where all answers have its bit. So a book of 10,000 rules costs little more than one of 20.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Final

from totetaxi_core.catalog import ServiceType
from totetaxi_core.price_book.surcharge_rule import SurchargeRule
from totetaxi_core.pricing.condition import Condition

MINUTES_PER_DAY = 24 * 60
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
OF_TIME: Final = (Condition.SERVICE_TYPE, Condition.DATES, Condition.WEEKDAYS, Condition.TIME)


class SurchargeIndex:
    """The active rules of one book, by condition. `rules[n]` has bit `1 << n`."""

    def __init__(self, rules: Sequence[SurchargeRule]) -> None:
        self.rules = tuple(rule for rule in rules if rule.is_active)
        self._services = {
            service: _bits(rule.service_type in (None, service) for rule in self.rules)
            for service in ServiceType
        }
        self._weekdays = tuple(
            _bits(not rule.weekdays or day in rule.weekdays for rule in self.rules)
            for day in range(7)
        )
        self._days = _Spans(_days(rule) for rule in self.rules)
        self._minutes = _Spans(_minutes(rule) for rule in self.rules)
        self._anywhere = _bits(not rule.is_geographic for rule in self.rules)
        self._by_zip = self._zip_bits()

    def at_time(self, service_type: ServiceType, pickup_date: date, pickup_time: time) -> int:
        """Return the bits of the rules that match, whatever the addresses."""
        service, dates, weekdays, clock = self.by_condition(service_type, pickup_date, pickup_time)
        return service & dates & weekdays & clock

    def by_condition(
        self, service_type: ServiceType, pickup_date: date, pickup_time: time
    ) -> tuple[int, int, int, int]:
        """Return the bits of the rules that each condition of `OF_TIME` lets pass, in its order."""
        return (
            self._services[service_type],
            self._days.at(pickup_date.toordinal()),
            self._weekdays[pickup_date.weekday()],
            self._minutes.at(pickup_time.hour * 60 + pickup_time.minute),
        )

    def at_zip(self, zip_code: str | None) -> int:
        """Return the bits of the rules whose ZIPs or zones hold these five digits."""
        return self._by_zip.get(zip_code, 0) if zip_code else 0

    def anywhere(self) -> int:
        """Return the bits of the rules that ask for no place."""
        return self._anywhere

    def matching(self, bits: int) -> list[tuple[int, SurchargeRule]]:
        """Return the rules of these bits with their bit, in the book's order."""
        found: list[tuple[int, SurchargeRule]] = []
        while bits:
            lowest = bits & -bits
            found.append((lowest, self.rules[lowest.bit_length() - 1]))
            bits ^= lowest
        return found

    def _zip_bits(self) -> dict[str, int]:
        bits: dict[str, int] = {}
        for number, rule in enumerate(self.rules):
            for zip_code in rule.zip_codes:
                bits[zip_code] = bits.get(zip_code, 0) | 1 << number
        return bits


class _Spans:
    """Half-open spans `[start, end)`, one a rule; tells whose span holds a point."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        turns: dict[int, int] = {}
        for number, (start, end) in enumerate(spans):
            turns[start] = turns.get(start, 0) ^ 1 << number
            turns[end] = turns.get(end, 0) ^ 1 << number
        self._starts = sorted(turns)
        self._bits = [0]
        for start in self._starts:
            self._bits.append(self._bits[-1] ^ turns[start])

    def at(self, point: int) -> int:
        return self._bits[bisect_right(self._starts, point)]


def _bits(passes: Iterable[bool]) -> int:
    """Return the number whose bit n tells whether rule n passes."""
    return int("".join("1" if passed else "0" for passed in passes)[::-1] or "0", base=2)


def _days(rule: SurchargeRule) -> tuple[int, int]:
    start = rule.date_from.toordinal() if rule.date_from else FIRST_DAY
    last = rule.date_to.toordinal() if rule.date_to else LAST_DAY
    return start, last + 1


def _minutes(rule: SurchargeRule) -> tuple[int, int]:
    start = rule.time_start.hour * 60 + rule.time_start.minute if rule.time_start else 0
    end = rule.time_end.hour * 60 + rule.time_end.minute if rule.time_end else MINUTES_PER_DAY
    return start, end
