"""A month of the schedule as a calendar, with what its cells have no room for below."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich import box
from rich.table import Table
from rich.text import Text

from totetaxi_core.scheduling.long_date import MONTHS
from totetaxi_core.scheduling.look_at_schedule import ScheduleDay
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WIDTH = 8
SHORT = {
    ScheduleRefusal.WEEKEND: "weekend",
    ScheduleRefusal.HOLIDAY: "holiday",
    ScheduleRefusal.CLOSED: "closed",
}


def month_grid(days: Sequence[ScheduleDay], *, today: date) -> Table:
    """Return a row a week: of each date the crews taken at its busiest, or why it is closed."""
    first = days[0].on
    table = Table(
        title=f"{MONTHS[first.month - 1]} {first.year}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_lines=False,
        pad_edge=False,
    )
    for name in WEEK:
        table.add_column(name, min_width=WIDTH, no_wrap=True)
    cells = [Text()] * first.weekday() + [_cell(day, today=today) for day in days]
    for start in range(0, len(cells), len(WEEK)):
        week = cells[start : start + len(WEEK)]
        table.add_row(*week, *[Text()] * (len(WEEK) - len(week)))
    return table


def _cell(day: ScheduleDay, *, today: date) -> Text:
    mark = " today" if day.on == today else ""
    cell = Text(f"{day.on.day}{mark}\n", style="dim" if not day.is_open else "")
    if not day.is_open:
        cell.append(SHORT.get(day.closed_by[-1], "closed"))
        if day.held:
            cell.append(f"\n{len(day.held)} booked", style="bold red")
        return cell
    full = day.crews > 0 and day.taken >= day.crews
    cell.append(f"{day.taken} of {day.crews}", style="bold" if full else "")
    if full:
        cell.append("\nfull" if day.busy_at is None else f"\nfull {day.busy_at:%H:%M}")
    return cell


def month_notes(days: Sequence[ScheduleDay], schedule: Schedule) -> Iterator[str]:
    """Yield what the figures mean, and each holiday, closing, exception and booking in doubt."""
    yield "2 of 3: in the busiest half hour of the date, 2 of its 3 crews are taken."
    yield from (f"{_day(day)}: {day.holiday}{_opened(day)}" for day in days if day.holiday)
    yield from _closings(days)
    for day in days:
        if day.on in schedule.open_dates and not day.holiday:
            yield f"{_day(day)}: open, though it is a {day.on:%A}"
        if day.crews != schedule.default_crews:
            crews = "1 crew" if day.crews == 1 else f"{day.crews} crews"
            yield f"{_day(day)}: {crews}, where {schedule.default_crews} are usual"
    for day in days:
        for one in day.held:
            why = " (on its way there)" if one.is_next_slot else ""
            yield f"{_day(day)}: {one.booking_number} at {one.pickup_time:%H:%M} stands{why}"


def _closings(days: Sequence[ScheduleDay]) -> Iterator[str]:
    """Yield the closings by staff, those of one reason side by side as one."""
    run: list[ScheduleDay] = []
    for day in (*days, None):
        follows = day is not None and ScheduleRefusal.CLOSED in day.closed_by
        if run and (not follows or day is None or day.closing_reason != run[0].closing_reason):
            span = _day(run[0]) if len(run) == 1 else f"{_day(run[0])} to {_day(run[-1])}"
            yield f"{span}: closed, {run[0].closing_reason or 'no reason given'}"
            run = []
        if follows and day is not None:
            run.append(day)


def _opened(day: ScheduleDay) -> str:
    return ", open" if day.is_open else ""


def _day(day: ScheduleDay) -> str:
    return f"{day.on:%a} {day.on.day} {MONTHS[day.on.month - 1][:3]}"
