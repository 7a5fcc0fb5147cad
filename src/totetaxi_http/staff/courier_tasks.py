"""The tasks at the courier's: find them, have them made, look at them anew."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, JSONBody

from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.dispatch_desk import FoundTask
from totetaxi_core.logistics.find_tasks import find_tasks, show_task, tasks_wanted
from totetaxi_core.logistics.sync_by_staff import sync_one, sync_open
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.courier_task import CourierTaskEntry
from totetaxi_http.schemas.listed_task import (
    BOOKING_ID,
    TASK_ID,
    BookingTasksResponse,
    ListedTaskResponse,
    SyncedTaskResponse,
    SyncRoundResponse,
    TaskFileResponse,
)
from totetaxi_http.staff.guard import (
    ABOUT_BOOKING,
    PERMISSION,
    REFUSALS,
    SECURITY,
    staff_caller,
)
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

MOST_SYNCED: Final = 100  # of 15 a second: an answer within some seconds
SYNCED_WITHIN: Final = timedelta(seconds=20)  # where the courier is slow
DISPATCHED: Final = {PERMISSION: Permission.DISPATCH, "rate_limit": "booking"}
OUTAGES: Final = ("courier_unavailable", "courier_misconfigured")
UNFOLLOWED: Final = ("booking_not_found", "payment_under_way", "payment_unavailable")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class TasksQuery:
    """Which tasks. Deleted ones are listed only by that status, or with a booking's number."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"status": "failed", "date_from": "2026-12-01"}

    status: CourierTaskStatus | None = None
    booking_number: Annotated[str, Text(max_length=20)] | None = None
    date_from: date | None = attrs.field(
        default=None, metadata={"description": "First day of the window, New York's."}
    )
    date_to: date | None = attrs.field(
        default=None, metadata={"description": "Last day of the window, New York's."}
    )
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class TasksResponse:
    """By the start of the window, the last first; `next` leads to earlier ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [ListedTaskResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[ListedTaskResponse, ...]
    next: str | None
    previous: str | None


@attrs.frozen(kw_only=True)
class TasksBody:
    """Which booking is to be driven."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"booking_id": BOOKING_ID}

    booking_id: UUID


@get(
    "/logistics/tasks",
    opt={PERMISSION: Permission.READ_BOOKINGS},
    dependencies={"asked": query_of(TasksQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def courier_tasks(
    asked: FromQueryClass[TasksQuery], request: Asking, state: ServiceState
) -> TasksResponse:
    """List courier tasks by the start of their window, the last first."""
    cursor, url, ports = Cursor.read(asked.cursor), state.terms.public_url, state.ports
    wanted = tasks_wanted(
        state.terms.zone,
        status=asked.status,
        booking_number=asked.booking_number,
        first_on=asked.date_from,
        last_on=asked.date_to,
    )
    async with ports.unit_of_work() as uow:
        page = await find_tasks(
            uow.dispatch_desk,
            wanted,
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    now = ports.clock()
    return TasksResponse(
        results=tuple(ListedTaskResponse.from_found(one, at=now) for one in page.entries),
        next=Cursor(before=_place(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=_place(page.newest)).url(request, public_url=url),
    )


@get(
    "/logistics/tasks/{task_id:uuid}",
    opt={PERMISSION: Permission.READ_BOOKINGS, "path_examples": TASK_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "courier_task_not_found")),
)
async def courier_task(
    task_id: FromPath[UUID], request: Asking, state: ServiceState
) -> TaskFileResponse:
    """Show a task with its proof of delivery: photos, signature, the driver's notes."""
    ports = staff_caller(request).ports
    shown = await show_task(task_id, ports)
    return TaskFileResponse.from_shown(shown, at=ports.clock(), public_url=state.terms.public_url)


@post(
    "/logistics/tasks",
    opt=DISPATCHED,
    security=SECURITY,
    responses={
        200: ResponseSpec(
            BookingTasksResponse,
            description="Nothing was missing",
            generate_examples=False,
            examples=[Example(value=ExampleValue(BookingTasksResponse.EXAMPLE))],
        ),
        **problems(
            codes=(
                "invalid",
                *REFUSALS,
                *UNFOLLOWED,
                "not_drivable",
                "courier_task_busy",
                "courier_refused",
                *OUTAGES,
            )
        ),
    },
)
async def courier_tasks_create(
    data: JSONBody[TasksBody], request: Asking, state: ServiceState
) -> WireResponse[BookingTasksResponse]:
    """Have the courier drive what it does not have yet of a booking; a deleted task is made anew.

    While the courier is down it answers 503, and the tasks wait: they are made once it is back.
    """
    caller = staff_caller(request)
    request.state[ABOUT_BOOKING] = data.booking_id
    began_at = caller.ports.clock()
    tasks = await create_tasks(
        data.booking_id, caller.ports, state.terms, staff_name=caller.account.username
    )
    is_new = any(task.created_at >= began_at for task in tasks)
    told = BookingTasksResponse(
        booking_id=data.booking_id, results=tuple(map(CourierTaskEntry.of, tasks))
    )
    return WireResponse(told, status_code=201 if is_new else 200)


@post(
    "/logistics/sync-task/{task_id:uuid}",
    status_code=200,
    opt={**DISPATCHED, "path_examples": TASK_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "courier_task_not_found", *UNFOLLOWED, *OUTAGES)),
)
async def courier_task_sync(
    task_id: FromPath[UUID], request: Asking, state: ServiceState
) -> SyncedTaskResponse:
    """Ask the courier how a task stands, store that, and tell what changed."""
    caller = staff_caller(request)
    name = caller.account.username
    look = await sync_one(task_id, caller.ports, state.terms, staff_name=name)
    return SyncedTaskResponse.from_look(look)


@post(
    "/logistics/sync",
    status_code=200,
    opt=DISPATCHED,
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *OUTAGES)),
)
async def courier_tasks_sync(request: Asking, state: ServiceState) -> SyncRoundResponse:
    """Ask the courier how open tasks stand, at most 100, those longest unseen first.

    Where the courier is slow it ends after 20 s; `left` says whether to call again.
    """
    caller = staff_caller(request)
    ended = await sync_open(
        caller.ports,
        state.terms,
        staff_name=caller.account.username,
        limit=MOST_SYNCED,
        within=SYNCED_WITHIN,
    )
    return SyncRoundResponse.from_round(ended)


def _place(found: FoundTask | None) -> str | None:
    return None if found is None else place_text(found.place)
