"""Find courier tasks, a page at a time; and look at one, with its proof of delivery."""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from uuid import UUID

from totetaxi_core.business_day import day_begins_at
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.dispatch_desk import DispatchDesk, FoundTask, TaskFilter
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTask:
    """A task, and the photos and signature of its leg that are kept, in their order."""

    found: FoundTask
    proof: tuple[Document, ...]


def tasks_wanted(
    zone: tzinfo,
    *,
    status: CourierTaskStatus | None = None,
    booking_number: str | None = None,
    first_on: date | None = None,
    last_on: date | None = None,
) -> TaskFilter:
    """Return the filter of tasks whose window starts on these days of the zone, both included."""
    end = None if last_on is None else day_begins_at(last_on + timedelta(days=1), zone)
    return TaskFilter(
        status=status,
        booking_number=None if booking_number is None else booking_number.strip().upper(),
        starts_from=None if first_on is None else day_begins_at(first_on, zone),
        starts_before=end,
    )


async def find_tasks(
    desk: DispatchDesk,
    wanted: TaskFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[FoundTask]:
    """Return at most `limit` tasks, those due last, or next to a place."""
    found = await desk.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


async def show_task(task_id: UUID, ports: Ports) -> ShownTask:
    """Return a task and what proves its end.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
    """
    async with ports.unit_of_work() as uow:
        found = await uow.dispatch_desk.find(task_id)
        kept = await uow.documents.of_booking(found.task.booking_id)
    own = (one for one in kept if one.is_stored and one.is_proof)
    named = f"{found.task.leg}-"  # as keep_proof calls them
    return ShownTask(
        found=found, proof=tuple(one for one in own if one.file_name.startswith(named))
    )
