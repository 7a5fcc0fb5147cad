"""Change the schedule."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.schedule_options import ScheduleOptions
from totetaxi_cli.schedule_views import show_edited
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.scheduling.edit_schedule import EditedSchedule, ScheduleEdit, edit_schedule
from totetaxi_core.scheduling.schedule_change import (
    ScheduleChange,
    closing,
    dates_from,
    opening,
)
from totetaxi_core.weekday import Weekday
from totetaxi_http.schemas.schedule import ClosingBody, OpeningBody, ScheduleChangesBody
from totetaxi_http.wire.structuring import structure_body

DEFAULT = "default"
USUAL = "usual"
NONE = "none"
BETWEEN = ".."
MOST_DIGITS = 9  # more are no number of crews, and in the thousands none that Python reads


def close_to_terminal(dates: str, *, reason: str, staff: str, as_json: bool) -> None:
    """Close dates, and name the bookings that stand there.

    Raises:
        InvalidInputError: bad or past dates, or they are closed for that reason already.
        PermissionDeniedError: staff may not.
    """
    body: ClosingBody = _structured(_range(dates) | {"reason": reason}, ClosingBody)

    def change(wiring: Wiring) -> ScheduleChange:
        days = dates_from(body.start_date, body.end_date, today=_today(wiring))
        return closing(days, reason=body.reason)

    told = f"closed {_days(body.start_date, body.end_date)}: {body.reason}"
    _edit(change, StaffCommand.SCHEDULE_CLOSE, body.reason, staff=staff, told=told, as_json=as_json)


def open_to_terminal(dates: str, *, reason: str, staff: str, as_json: bool) -> None:
    """Open dates.

    Raises:
        InvalidInputError: bad or past dates, or they are open already.
        PermissionDeniedError: staff may not.
    """
    body: OpeningBody = _structured(_range(dates) | {"reason": reason}, OpeningBody)

    def change(wiring: Wiring) -> ScheduleChange:
        days = dates_from(body.start_date, body.end_date, today=_today(wiring))
        return opening(days, holidays=wiring.ports.holidays)

    told = f"opened {_days(body.start_date, body.end_date)}"
    _edit(change, StaffCommand.SCHEDULE_OPEN, body.reason, staff=staff, told=told, as_json=as_json)


def crews_to_terminal(when: str, number: str, *, reason: str, staff: str, as_json: bool) -> None:
    """Set a number of crews.

    Raises:
        InvalidInputError: a bad date or number, or it has that number already.
        PermissionDeniedError: staff may not.
        CrewsBelowTakenError: bookings are in the way.
    """
    body = _crews(when.lower(), number.lower()) | {"reason": reason}
    _change(body, StaffCommand.SCHEDULE_CREWS, staff=staff, as_json=as_json)


def set_to_terminal(options: ScheduleOptions, *, reason: str, staff: str, as_json: bool) -> None:
    """Change settings.

    Raises:
        InvalidInputError: bad values, or nothing would change.
        PermissionDeniedError: staff may not.
    """
    given: dict[str, object] = {
        "opens_at": options.opens_at,
        "last_pickup_at": options.last_pickup_at,
        "crew_day_ends_at": options.crew_day_ends_at,
        "notice_cutoff_at": options.notice_cutoff_at,
        "horizon_days": options.horizon_days,
        "closed_weekdays": _weekdays(options.closed_weekdays),
        "closes_on_federal_holidays": options.holidays_closed,
        "same_day_allowed": options.same_day,
    }
    _change(given | {"reason": reason}, StaffCommand.SCHEDULE_SET, staff=staff, as_json=as_json)


def _weekdays(text: str | None) -> list[str] | None:
    if text is None:
        return None
    days = [day.strip().lower() for day in text.split(",")]
    return [] if days == [NONE] else days


def _crews(when: str, number: str) -> dict[str, object]:
    """Return the body of a change of crews; what is no number is refused as the wire does."""
    is_whole = number.isdecimal() and len(number) <= MOST_DIGITS
    crews: object = int(number) if is_whole else number
    if when == DEFAULT:
        return {"default_crews": crews}
    crews = None if crews == USUAL else crews
    if when in list(Weekday):
        return {"crews_by_weekday": [{"weekday": when, "crews": crews}]}
    return {"crews_by_date": [{"date": when, "crews": crews}]}


def _range(dates: str) -> dict[str, object]:
    start, between, end = dates.partition(BETWEEN)
    return {"start_date": start, "end_date": end} if between else {"start_date": start}


def _days(first: date, last: date | None) -> str:
    if last is None or last == first:
        return f"{first:%a} {first}"
    return f"{first:%a} {first} to {last:%a} {last}"


def _structured(given: Mapping[str, object], kind: type[Any]) -> Any:  # noqa: ANN401
    return structure_body(json.dumps(given).encode(), kind)


def _today(wiring: Wiring) -> date:
    return wiring.ports.clock().astimezone(wiring.terms.zone).date()


def _change(
    given: Mapping[str, object], command: StaffCommand, *, staff: str, as_json: bool
) -> None:
    body: ScheduleChangesBody = _structured(given, ScheduleChangesBody)
    _edit(lambda _: body.to_settings().apply, command, body.reason, staff=staff, as_json=as_json)


def _edit(
    change: Callable[[Wiring], ScheduleChange],
    command: StaffCommand,
    reason: str,
    *,
    staff: str,
    told: str | None = None,
    as_json: bool,
) -> None:
    async def job(wiring: Wiring, staff_name: str) -> EditedSchedule:
        edit = ScheduleEdit(change=change(wiring), staff_name=staff_name, reason=reason)
        return await edit_schedule(edit, wiring.ports, wiring.terms)

    show_edited(run(as_staff(staff, command, job)), told=told, as_json=as_json)
