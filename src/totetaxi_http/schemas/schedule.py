"""The schedule, as staff see and change it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, ClassVar, Self, TypeAlias

import attrs

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.schedule import (
    MAX_CLOSING_REASON,
    MAX_CREWS,
    MAX_HORIZON_DAYS,
    Schedule,
)
from totetaxi_core.scheduling.schedule_change import MOST_DATES, ScheduleSettings
from totetaxi_core.scheduling.schedules import HOUSE_RULES_VERSION, StoredSchedule
from totetaxi_core.weekday import Weekday
from totetaxi_http.wire.constraints import Items, Text, Whole

Day: TypeAlias = date
CrewNumber = Annotated[int, Whole(minimum=0, maximum=MAX_CREWS)]
HorizonDays = Annotated[int, Whole(minimum=1, maximum=MAX_HORIZON_DAYS)]
MAX_VERSION = 2**31 - 1  # the column's
Version = Annotated[int, Whole(minimum=0, maximum=MAX_VERSION)]
Reason = Annotated[str, Text(max_length=MAX_CLOSING_REASON, min_length=0)]
USUAL = {"description": "How many; null takes the exception back."}
SEEN = {"description": "The version that was seen: 412 if it is another by now."}


@attrs.frozen(kw_only=True)
class ClosedDateResponse:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"date": "2026-11-27", "reason": "Thanksgiving week"}

    date: Day
    reason: str


@attrs.frozen(kw_only=True)
class DateCrews:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"date": "2026-12-22", "crews": 5}

    date: Day
    crews: CrewNumber | None = attrs.field(metadata=USUAL)


@attrs.frozen(kw_only=True)
class WeekdayCrews:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"weekday": "friday", "crews": 4}

    weekday: Weekday
    crews: CrewNumber | None = attrs.field(metadata=USUAL)


HOURS: Mapping[str, object] = {
    "opens_at": "07:00",
    "last_pickup_at": "12:00",
    "crew_day_ends_at": "20:00",
    "notice_cutoff_at": "18:00",
}


@attrs.frozen(kw_only=True)
class ScheduleResponse:
    """When customers may book, and how many crews work; dates and times are New York's.

    `version` counts the changes: 0 are the house rules, which nobody has changed.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "version": 4,
        "changed_by": "maria",
        "changed_at": "2026-11-25T15:02:00Z",
        "reason": "Thanksgiving",
        **HOURS,
        "closed_weekdays": ["saturday", "sunday"],
        "closes_on_federal_holidays": True,
        "closed_dates": [ClosedDateResponse.EXAMPLE],
        "open_dates": ["2026-12-19"],
        "same_day_allowed": False,
        "horizon_days": 180,
        "default_crews": 3,
        "crews_by_date": [DateCrews.EXAMPLE],
        "crews_by_weekday": [WeekdayCrews.EXAMPLE],
    }

    version: int
    changed_by: str
    changed_at: datetime | None
    reason: str
    opens_at: time
    last_pickup_at: time
    crew_day_ends_at: time
    closed_weekdays: tuple[Weekday, ...]
    closes_on_federal_holidays: bool
    closed_dates: tuple[ClosedDateResponse, ...]
    open_dates: tuple[Day, ...]
    same_day_allowed: bool
    notice_cutoff_at: time
    horizon_days: int
    default_crews: int
    crews_by_date: tuple[DateCrews, ...]
    crews_by_weekday: tuple[WeekdayCrews, ...]

    @classmethod
    def from_stored(cls, stored: StoredSchedule) -> Self:
        schedule = stored.schedule
        is_house_rules = stored.version == HOUSE_RULES_VERSION
        by_date, by_weekday = schedule.crews_by_date, schedule.crews_by_weekday
        return cls(
            version=stored.version,
            changed_by=stored.changed_by,
            changed_at=None if is_house_rules else stored.changed_at,
            reason=stored.reason,
            opens_at=schedule.opens_at,
            last_pickup_at=schedule.last_pickup_at,
            crew_day_ends_at=schedule.crew_day_ends_at,
            closed_weekdays=tuple(day for day in Weekday if day in schedule.closed_weekdays),
            closes_on_federal_holidays=schedule.closes_on_federal_holidays,
            closed_dates=_closed_dates(schedule),
            open_dates=tuple(sorted(schedule.open_dates)),
            same_day_allowed=schedule.same_day_allowed,
            notice_cutoff_at=schedule.notice_cutoff_at,
            horizon_days=schedule.horizon_days,
            default_crews=schedule.default_crews,
            crews_by_date=tuple(DateCrews(date=on, crews=by_date[on]) for on in sorted(by_date)),
            crews_by_weekday=tuple(
                WeekdayCrews(weekday=day, crews=by_weekday[day])
                for day in Weekday
                if day in by_weekday
            ),
        )


def _closed_dates(schedule: Schedule) -> tuple[ClosedDateResponse, ...]:
    reasons = schedule.closing_reasons
    return tuple(
        ClosedDateResponse(date=on, reason=reasons.get(on, ""))
        for on in sorted(schedule.closed_dates)
    )


@attrs.frozen(kw_only=True)
class ScheduleChangesBody:
    """What is to be otherwise; what is left out, or null, stays.

    `closed_weekdays` are all there will be. Of crews by date and weekday those named change.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "default_crews": 4,
        "crews_by_date": [DateCrews.EXAMPLE],
        "reason": "a fourth van",
    }

    opens_at: time | None = None
    last_pickup_at: time | None = None
    crew_day_ends_at: time | None = None
    closed_weekdays: Annotated[tuple[Weekday, ...], Items(max_length=len(Weekday))] | None = None
    closes_on_federal_holidays: bool | None = None
    same_day_allowed: bool | None = None
    notice_cutoff_at: time | None = None
    horizon_days: HorizonDays | None = None
    default_crews: CrewNumber | None = None
    crews_by_date: Annotated[tuple[DateCrews, ...], Items(max_length=MOST_DATES)] = ()
    crews_by_weekday: Annotated[tuple[WeekdayCrews, ...], Items(max_length=len(Weekday))] = ()
    reason: Reason = ""
    version: Version | None = attrs.field(default=None, metadata=SEEN)

    def to_settings(self) -> ScheduleSettings:
        """Return what is to be otherwise.

        Raises:
            InvalidInputError: a date or weekday is given crews twice.
        """
        dates, weekdays = self.crews_by_date, self.crews_by_weekday
        faults = [
            *_twice("crews_by_date", "date", [one.date.isoformat() for one in dates]),
            *_twice("crews_by_weekday", "weekday", [one.weekday.value for one in weekdays]),
        ]
        if faults:
            raise InvalidInputError(faults)
        closed = self.closed_weekdays
        return ScheduleSettings(
            opens_at=self.opens_at,
            last_pickup_at=self.last_pickup_at,
            crew_day_ends_at=self.crew_day_ends_at,
            closed_weekdays=None if closed is None else frozenset(closed),
            closes_on_federal_holidays=self.closes_on_federal_holidays,
            same_day_allowed=self.same_day_allowed,
            notice_cutoff_at=self.notice_cutoff_at,
            horizon_days=self.horizon_days,
            default_crews=self.default_crews,
            crews_by_date={one.date: one.crews for one in dates},
            crews_by_weekday={one.weekday: one.crews for one in weekdays},
        )


def _twice(listed: str, name: str, values: Sequence[str]) -> Iterator[FieldFault]:
    for index, value in enumerate(values):
        if value in values[:index]:
            field, message = f"{listed}.{index}.{name}", f"{value} is listed twice"
            yield FieldFault(field=field, code="duplicate", message=message)


@attrs.frozen(kw_only=True)
class ClosingBody:
    """Which dates, both ends included, or `start_date` alone; and why."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "start_date": "2026-11-23",
        "end_date": "2026-11-27",
        "reason": "Thanksgiving week",
    }

    start_date: Day
    end_date: Day | None = None
    reason: Annotated[str, Text(max_length=MAX_CLOSING_REASON)]
    version: Version | None = attrs.field(default=None, metadata=SEEN)


@attrs.frozen(kw_only=True)
class OpeningBody:
    """Which dates, both ends included, or `start_date` alone."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"start_date": "2026-12-19", "reason": "the season"}

    start_date: Day
    end_date: Day | None = None
    reason: Reason = ""
    version: Version | None = attrs.field(default=None, metadata=SEEN)
