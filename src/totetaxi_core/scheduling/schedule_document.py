"""Reads the schedule's settings from its document, noting every fault by its dotted path."""

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TypeVar

from totetaxi_core.document import Section
from totetaxi_core.refusal import FieldFault
from totetaxi_core.weekday import Weekday

Key = TypeVar("Key", date, Weekday)


class ScheduleDocument:
    """A document being read.

    An absent or null setting reads as its default, and so does one of the wrong type, which
    is noted. Whether a value is in range the schedule itself knows.
    """

    def __init__(self, document: object) -> None:
        self.faults: list[FieldFault] = []
        self._section = Section(document, faults=self.faults)

    def close(self) -> None:
        """Note every setting nobody has read: there is no such one."""
        self._section.close()

    def faulty(self) -> set[str]:
        """Return the settings that had a fault so far."""
        return {fault.field.partition(".")[0] for fault in self.faults}

    def time(self, name: str, *, default: time) -> time:
        read = self._section.clock(name)
        return default if read is None else read

    def whole(self, name: str, *, default: int) -> int:
        value = self._section.raw(name)
        read = default if value is None else self._whole(name, value)
        return default if read is None else read

    def flag(self, name: str, *, default: bool) -> bool:
        return self._section.flag(name, default=default)

    def weekdays(self, name: str, *, default: frozenset[Weekday]) -> frozenset[Weekday]:
        return self._distinct(name, Weekday, what="a day such as monday", default=default)

    def dates(self, name: str, *, default: frozenset[date]) -> frozenset[date]:
        return self._distinct(name, exact_date, what="a date such as 2026-12-01", default=default)

    def reasons_by_date(self, name: str) -> dict[date, str]:
        read: dict[date, str] = {}
        for text, value in self._section.mapping(name).items():
            path = f"{name}.{text}"
            on = self._key(path, text, exact_date, what="a date such as 2026-12-01")
            if not isinstance(value, str):
                self._section.fault(path, "wrong_type", "must be text")
            elif on is not None:
                read[on] = value
        return read

    def crews_by_date(self, name: str) -> dict[date, int]:
        return dict(self._crews(name, exact_date, what="a date such as 2026-12-01"))

    def crews_by_weekday(self, name: str) -> dict[Weekday, int]:
        return dict(self._crews(name, Weekday, what="a day such as monday"))

    def _distinct(
        self, name: str, parse: Callable[[str], Key], *, what: str, default: frozenset[Key]
    ) -> frozenset[Key]:
        values = self._section.raw(name)
        if values is None:
            return default
        if not isinstance(values, list | tuple):
            self._section.fault(name, "wrong_type", "must be a list")
            return default
        read: set[Key] = set()
        for index, value in enumerate(values):
            key = self._key(f"{name}.{index}", value, parse, what=what)
            if key in read:
                self._section.fault(f"{name}.{index}", "duplicate", f"{value} is listed twice")
            elif key is not None:
                read.add(key)
        return frozenset(read)

    def _crews(
        self, name: str, parse: Callable[[str], Key], *, what: str
    ) -> Iterator[tuple[Key, int]]:
        for text, value in self._section.mapping(name).items():
            key = self._key(f"{name}.{text}", text, parse, what=what)
            crews = self._whole(f"{name}.{text}", value)
            if key is not None and crews is not None:
                yield key, crews

    def _whole(self, path: str, value: object) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._section.fault(path, "wrong_type", "must be a whole number")
        return None

    def _key(
        self, path: str, value: object, parse: Callable[[str], Key], *, what: str
    ) -> Key | None:
        try:
            if isinstance(value, str):
                return parse(value)
        except ValueError:
            self._section.fault(path, "invalid_choice", f"must be {what}")
            return None
        self._section.fault(path, "wrong_type", f"must be {what}, as text")
        return None


def exact_date(text: str) -> date:
    """Read 2026-12-01 and no other spelling of ISO 8601, so that one date has one key.

    Raises:
        ValueError: it is not a date written so.
    """
    read = date.fromisoformat(text)
    if read.isoformat() != text:
        raise ValueError(text)
    return read
