"""Reports of the days themselves: the busiest mornings, and how much of the crews is used."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from totetaxi_core.reports.asked import Asked
from totetaxi_core.reports.money_reports import span_column
from totetaxi_core.reports.report import (
    Cell,
    Column,
    Grouping,
    Measure,
    Table,
    count,
    share,
    share_bp,
    text,
)
from totetaxi_core.reports.report_desk import CrewDay, Pickups
from totetaxi_core.reports.span import SpanLength, Spans
from totetaxi_core.scheduling.occupancy import HALF_HOUR_MINUTES, minutes_into_day
from totetaxi_core.weekday import Weekday, weekday_of

BUSIEST: Final = 20
NO_CREWS: Final = CrewDay(0, 0)


async def mornings(asked: Asked) -> Table:
    found = await asked.desk.pickups(asked.days)
    numbers: Counter[Cell] = Counter()
    busiest: dict[Cell, Counter[int]] = defaultdict(Counter)
    for one in found:
        key = _morning(one, asked.by)
        numbers[key] += one.bookings
        busiest[key][one.half_hour] += one.bookings
    whole = numbers.total()
    columns = (
        Column("date", "date", Measure.DATE)
        if asked.by is Grouping.DAY
        else text(asked.by.value, asked.by.value),
        count("pickups", "pickups"),
        share("share", "share"),
        text("busiest_time", "busiest from"),
    )
    rows = tuple(
        (key, numbers[key], share_bp(numbers[key], of=whole), _busiest(busiest[key]))
        for key in _in_order(numbers, asked.by)
    )
    every: Counter[int] = sum(busiest.values(), Counter())
    busiest_days = f"The {BUSIEST} busiest days. " if asked.by is Grouping.DAY else ""
    return Table(
        columns=columns,
        rows=rows,
        total=("total", whole, None, _busiest(every)),
        charted="pickups",
        note=f"{busiest_days}Bookings that stand: confirmed, in progress, or completed.",
    )


async def crew_use(asked: Asked) -> Table:
    touched = await asked.desk.crew_days(asked.days)
    spans = Spans.of(
        asked.days, SpanLength.DAY if asked.by is Grouping.WEEKDAY else SpanLength(asked.by.value)
    )
    taken: Counter[Cell] = Counter()
    given: Counter[Cell] = Counter()
    for on in asked.days:
        key: Cell = weekday_of(on).value if asked.by is Grouping.WEEKDAY else spans.first_of(on)
        taken[key] += touched.get(on, NO_CREWS).taken_half_hours
        given[key] += _half_hours(on, touched.get(on), asked)
    return Table(
        columns=(
            text("weekday", "weekday") if asked.by is Grouping.WEEKDAY else span_column(asked.by),
            Column("taken_half_hours", "hours taken", Measure.HALF_HOURS),
            Column("crew_half_hours", "hours of crews", Measure.HALF_HOURS),
            share("use", "use"),
        ),
        rows=tuple(
            (key, taken[key], given[key], share_bp(taken[key], of=given[key]))
            for key in _in_time(given, asked.by)
        ),
        total=(
            "total",
            taken.total(),
            given.total(),
            share_bp(taken.total(), of=given.total()),
        ),
        charted="use_bp",
        note="Crews of open days, from the first pickup to the end of their day;"
        " closed days count where somebody is driven.",
    )


def _morning(pickups: Pickups, by: Grouping) -> Cell:
    if by is Grouping.TIME:
        return _clock(pickups.half_hour)
    return weekday_of(pickups.on).value if by is Grouping.WEEKDAY else pickups.on


def _in_order(numbers: Counter[Cell], by: Grouping) -> list[Cell]:
    if by is Grouping.DAY:
        return sorted(numbers, key=lambda key: (-numbers[key], str(key)))[:BUSIEST]
    return _in_time(numbers, by)


def _in_time(keys: Mapping[Cell, int], by: Grouping) -> list[Cell]:
    if by is Grouping.WEEKDAY:
        return [day.value for day in Weekday if day.value in keys]
    return sorted(keys, key=str)


def _half_hours(on: date, found: CrewDay | None, asked: Asked) -> int:
    """Return the half hours that a date's crews have: by the schedule where nobody touched it."""
    schedule = asked.terms.schedule
    if not _is_open(on, asked) and (found is None or not found.taken_half_hours):
        return 0
    crews = schedule.crews_on(on) if found is None else found.crews
    minutes = minutes_into_day(schedule.crew_day_ends_at) - minutes_into_day(schedule.opens_at)
    return crews * minutes // HALF_HOUR_MINUTES


def _is_open(on: date, asked: Asked) -> bool:
    schedule = asked.terms.schedule
    if on in schedule.open_dates:
        return True
    is_holiday = schedule.closes_on_federal_holidays and asked.holidays.is_holiday(on)
    return not (is_holiday or on in schedule.closed_dates or schedule.is_closed_weekday(on))


def _busiest(numbers: Counter[int]) -> str | None:
    """Return the half hour with most pickups, the earlier one of two."""
    if not numbers:
        return None
    return _clock(min(numbers, key=lambda half_hour: (-numbers[half_hour], half_hour)))


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02d}:{half_hour % 2 * 30:02d}"
