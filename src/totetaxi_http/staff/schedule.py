"""The schedule: when customers may book, and how many crews work, changed by staff."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlencode

import attrs
from litestar import Request, get, patch, post
from litestar.params import JSONBody

from totetaxi_core.scheduling.edit_schedule import EditedSchedule, ScheduleEdit, edit_schedule
from totetaxi_core.scheduling.look_at_schedule import (
    present_schedule,
    schedule_days,
    schedule_history,
)
from totetaxi_core.scheduling.schedule_change import (
    ScheduleChange,
    closing,
    dates_from,
    opening,
)
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.schedule import (
    MAX_VERSION,
    ClosingBody,
    OpeningBody,
    ScheduleChangesBody,
    ScheduleResponse,
)
from totetaxi_http.schemas.schedule_day import EditedScheduleResponse, ScheduleDayResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Whole
from totetaxi_http.wire.page import USUAL, PageSize
from totetaxi_http.wire.query import FromQueryClass, query_of

READ: Final = {PERMISSION: Permission.READ_BOOKINGS}
NEEDED: Final = {PERMISSION: Permission.MANAGE_SCHEDULE}
CHANGES: Final = ("invalid", *REFUSALS, "stale_version")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class ScheduleDatesQuery:
    """Both dates included, at most 62 days."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"start_date": "2026-11-01", "end_date": "2026-11-30"}

    start_date: date
    end_date: date


@attrs.frozen(kw_only=True)
class ScheduleDatesResponse:
    """Every date that was asked for, in order."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"days": [ScheduleDayResponse.EXAMPLE]}

    days: tuple[ScheduleDayResponse, ...]


@attrs.frozen(kw_only=True)
class ScheduleVersionsQuery:
    """Versions below one, and how many at most."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"before": "9", "page_size": "20"}

    before: Annotated[int, Whole(minimum=1, maximum=MAX_VERSION)] | None = None
    page_size: PageSize = USUAL


@attrs.frozen(kw_only=True)
class ScheduleVersionsResponse:
    """Newest first; the house rules, version 0, are not among them."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [ScheduleResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[ScheduleResponse, ...]
    next: str | None
    previous: str | None = None


@get("/schedule", opt=READ, security=SECURITY, responses=problems(codes=REFUSALS))
async def schedule(request: Asking, state: ServiceState) -> ScheduleResponse:
    """Show the schedule in effect."""
    found = await present_schedule(staff_caller(request).ports, state.terms)
    return ScheduleResponse.from_stored(found)


@patch(
    "/schedule",
    opt=NEEDED,
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "crews_below_taken")),
)
async def schedule_change(
    data: JSONBody[ScheduleChangesBody], request: Asking, state: ServiceState
) -> EditedScheduleResponse:
    """Change hours, weekdays, notice, horizon or crews; what is left out, or null, stays.

    Crews of a date below those taken are refused with the `bookings` in the way. A new default or
    weekday number is for dates nobody has booked yet; dates that keep another are told.
    """
    edited = await _edit(data.to_settings().apply, data, request, state)
    return EditedScheduleResponse.from_edited(edited)


@get(
    "/schedule/versions",
    opt=READ,
    dependencies={"asked": query_of(ScheduleVersionsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def schedule_versions(
    asked: FromQueryClass[ScheduleVersionsQuery], request: Asking, state: ServiceState
) -> ScheduleVersionsResponse:
    """List the versions of the schedule, newest first."""
    ports, size = staff_caller(request).ports, asked.page_size
    found = await schedule_history(ports, before=asked.before, limit=size + 1)
    shown = found[:size]
    onward = None
    if len(found) > size:
        query = urlencode({"before": shown[-1].version, "page_size": size})
        onward = f"{state.terms.public_url}{request.scope['path']}?{query}"
    return ScheduleVersionsResponse(
        results=tuple(map(ScheduleResponse.from_stored, shown)), next=onward
    )


@get(
    "/schedule/dates",
    opt=READ,
    dependencies={"asked": query_of(ScheduleDatesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def schedule_dates(
    asked: FromQueryClass[ScheduleDatesQuery], request: Asking, state: ServiceState
) -> ScheduleDatesResponse:
    """List dates: open or closed and why, holidays, crews and how many of them are taken."""
    days = await schedule_days(
        staff_caller(request).ports, state.terms, start=asked.start_date, end=asked.end_date
    )
    return ScheduleDatesResponse(days=tuple(map(ScheduleDayResponse.from_day, days)))


@post(
    "/schedule/dates/close",
    status_code=200,
    opt=NEEDED,
    security=SECURITY,
    responses=problems(codes=CHANGES),
)
async def schedule_close(
    data: JSONBody[ClosingBody], request: Asking, state: ServiceState
) -> EditedScheduleResponse:
    """Close dates to customers; the bookings that stand there are named, and stay."""
    dates = dates_from(data.start_date, data.end_date, today=_today(state))
    edited = await _edit(closing(dates, reason=data.reason), data, request, state)
    return EditedScheduleResponse.from_edited(edited)


@post(
    "/schedule/dates/open",
    status_code=200,
    opt=NEEDED,
    security=SECURITY,
    responses=problems(codes=CHANGES),
)
async def schedule_open(
    data: JSONBody[OpeningBody], request: Asking, state: ServiceState
) -> EditedScheduleResponse:
    """Open dates: those staff closed, and single weekend days and holidays."""
    dates = dates_from(data.start_date, data.end_date, today=_today(state))
    change = opening(dates, holidays=state.ports.holidays)
    return EditedScheduleResponse.from_edited(await _edit(change, data, request, state))


def _today(state: ServiceState) -> date:
    return state.ports.clock().astimezone(state.terms.zone).date()


async def _edit(
    change: ScheduleChange,
    data: ScheduleChangesBody | ClosingBody | OpeningBody,
    request: Asking,
    state: ServiceState,
) -> EditedSchedule:
    caller = staff_caller(request)
    edit = ScheduleEdit(
        change=change,
        staff_name=caller.account.username,
        reason=data.reason,
        seen_versions=None if data.version is None else (data.version,),
    )
    return await edit_schedule(edit, caller.ports, state.terms)
