"""The schedule: when customers may book, and how many crews work."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType
from typing import Self

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.schedule_document import ScheduleDocument
from totetaxi_core.weekday import Weekday, weekday_of

MAX_HORIZON_DAYS = 1_095
MAX_CREWS = 99
MAX_CLOSING_REASON = 200
OUT_OF_ORDER = "out_of_order"
ORDERED_TIMES = ("opens_at", "last_pickup_at", "crew_day_ends_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The document staff may edit; the defaults are the house rules of docs/scheduling.md.

    Dates and times are the business's own, times in whole minutes. Pickups are taken from
    `opens_at` to `last_pickup_at`, both included. From `notice_cutoff_at` on, tomorrow is
    no longer offered, unless `same_day_allowed` needs no notice at all. The date
    `horizon_days` ahead is the last one. `closing_reasons` tell staff why single dates are closed;
    `open_dates` are open whatever their weekday, and on holidays. The number of crews is that of
    the date, else of its weekday, else `default_crews`.

    Raises:
        InvalidInputError: with a fault per setting that is out of range or order.
    """

    opens_at: time = time(7)
    last_pickup_at: time = time(12)
    crew_day_ends_at: time = time(20)
    closed_weekdays: frozenset[Weekday] = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
    closes_on_federal_holidays: bool = True
    closed_dates: frozenset[date] = frozenset()
    closing_reasons: Mapping[date, str] = field(default_factory=dict)
    open_dates: frozenset[date] = frozenset()
    same_day_allowed: bool = False
    notice_cutoff_at: time = time(18)
    horizon_days: int = 180
    default_crews: int = 3
    crews_by_date: Mapping[date, int] = field(default_factory=dict)
    crews_by_weekday: Mapping[Weekday, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("closing_reasons", "crews_by_date", "crews_by_weekday"):
            # A copy nobody else holds, read-only: frozen alone would leave it open to edits.
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if faults := tuple(_faults(self)):
            raise InvalidInputError(faults)

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read the document (parsed JSON). An absent or null setting has its default.

        Raises:
            InvalidInputError: with every fault by its dotted path (`crews_by_date.2026-12-01`).
        """
        read = ScheduleDocument(document)
        broken: tuple[FieldFault, ...] = ()
        try:
            schedule = cls._read(read, defaults=cls())
        except InvalidInputError as error:
            broken = tuple(_remaining_faults(error, read))
        read.close()
        if faults := (*read.faults, *broken):
            raise InvalidInputError(faults)
        return schedule

    @classmethod
    def _read(cls, read: ScheduleDocument, *, defaults: Self) -> Self:
        return cls(
            opens_at=read.time("opens_at", default=defaults.opens_at),
            last_pickup_at=read.time("last_pickup_at", default=defaults.last_pickup_at),
            crew_day_ends_at=read.time("crew_day_ends_at", default=defaults.crew_day_ends_at),
            closed_weekdays=read.weekdays("closed_weekdays", default=defaults.closed_weekdays),
            closes_on_federal_holidays=read.flag(
                "closes_on_federal_holidays", default=defaults.closes_on_federal_holidays
            ),
            closed_dates=read.dates("closed_dates", default=defaults.closed_dates),
            closing_reasons=read.reasons_by_date("closing_reasons"),
            open_dates=read.dates("open_dates", default=defaults.open_dates),
            same_day_allowed=read.flag("same_day_allowed", default=defaults.same_day_allowed),
            notice_cutoff_at=read.time("notice_cutoff_at", default=defaults.notice_cutoff_at),
            horizon_days=read.whole("horizon_days", default=defaults.horizon_days),
            default_crews=read.whole("default_crews", default=defaults.default_crews),
            crews_by_date=read.crews_by_date("crews_by_date"),
            crews_by_weekday=read.crews_by_weekday("crews_by_weekday"),
        )

    def to_document(self) -> dict[str, object]:
        """Return every setting as JSON; `from_document` makes an equal schedule of it."""
        return {
            "opens_at": f"{self.opens_at:%H:%M}",
            "last_pickup_at": f"{self.last_pickup_at:%H:%M}",
            "crew_day_ends_at": f"{self.crew_day_ends_at:%H:%M}",
            "closed_weekdays": [day.value for day in Weekday if day in self.closed_weekdays],
            "closes_on_federal_holidays": self.closes_on_federal_holidays,
            "closed_dates": [on.isoformat() for on in sorted(self.closed_dates)],
            "closing_reasons": {
                on.isoformat(): reason for on, reason in sorted(self.closing_reasons.items())
            },
            "open_dates": [on.isoformat() for on in sorted(self.open_dates)],
            "same_day_allowed": self.same_day_allowed,
            "notice_cutoff_at": f"{self.notice_cutoff_at:%H:%M}",
            "horizon_days": self.horizon_days,
            "default_crews": self.default_crews,
            "crews_by_date": {on.isoformat(): n for on, n in sorted(self.crews_by_date.items())},
            "crews_by_weekday": {
                day.value: self.crews_by_weekday[day]
                for day in Weekday
                if day in self.crews_by_weekday
            },
        }

    def takes_pickup_at(self, at: time) -> bool:
        """Tell whether `at` is a whole minute within pickup hours."""
        whole_minute = at.second == 0 and at.microsecond == 0
        return whole_minute and self.opens_at <= at <= self.last_pickup_at

    def is_closed_weekday(self, on: date) -> bool:
        return weekday_of(on) in self.closed_weekdays

    def crews_on(self, on: date) -> int:
        """Return the crews of a date nobody has touched; a touched one keeps what it had."""
        if on in self.crews_by_date:
            return self.crews_by_date[on]
        return self.crews_by_weekday.get(weekday_of(on), self.default_crews)


def _remaining_faults(error: InvalidInputError, read: ScheduleDocument) -> Iterator[FieldFault]:
    """Leave out what is out of order only because a bad time was read as its default."""
    times_are_good = read.faulty().isdisjoint(ORDERED_TIMES)
    return (fault for fault in error.faults if times_are_good or fault.code != OUT_OF_ORDER)


def _faults(schedule: Schedule) -> Iterator[FieldFault]:
    yield from _time_faults(schedule)
    yield from _date_faults(schedule)
    yield from _range_fault("horizon_days", schedule.horizon_days, minimum=1, most=MAX_HORIZON_DAYS)
    yield from _range_fault("default_crews", schedule.default_crews, minimum=0, most=MAX_CREWS)
    for on, crews in schedule.crews_by_date.items():
        yield from _range_fault(f"crews_by_date.{on}", crews, minimum=0, most=MAX_CREWS)
    for weekday, crews in schedule.crews_by_weekday.items():
        yield from _range_fault(f"crews_by_weekday.{weekday}", crews, minimum=0, most=MAX_CREWS)


def _time_faults(schedule: Schedule) -> Iterator[FieldFault]:
    for name in (*ORDERED_TIMES, "notice_cutoff_at"):
        at: time = getattr(schedule, name)
        if at.second or at.microsecond or at.tzinfo:
            message = "must be a whole minute, without a zone"
            yield FieldFault(field=name, code="wrong_type", message=message)
    if schedule.last_pickup_at < schedule.opens_at:
        message = "must not be before opens_at"
        yield FieldFault(field="last_pickup_at", code=OUT_OF_ORDER, message=message)
    if schedule.crew_day_ends_at <= schedule.last_pickup_at:
        message = "must be after last_pickup_at"
        yield FieldFault(field="crew_day_ends_at", code=OUT_OF_ORDER, message=message)


def _date_faults(schedule: Schedule) -> Iterator[FieldFault]:
    for on in sorted(schedule.open_dates & schedule.closed_dates):
        message = f"{on} is in closed_dates too"
        yield FieldFault(field="open_dates", code="contradiction", message=message)
    for on, reason in schedule.closing_reasons.items():
        name = f"closing_reasons.{on}"
        if on not in schedule.closed_dates:
            yield FieldFault(field=name, code="contradiction", message="is not in closed_dates")
        if len(reason) > MAX_CLOSING_REASON:
            message = f"must have at most {MAX_CLOSING_REASON} characters"
            yield FieldFault(field=name, code="too_long", message=message)


def _range_fault(name: str, value: int, *, minimum: int, most: int) -> Iterator[FieldFault]:
    if not minimum <= value <= most:
        message = f"must be between {minimum} and {most}"
        yield FieldFault(field=name, code="out_of_range", message=message)
