"""Where the drives of a booking and the courier's tasks differ.

Source: docs/reconciliation.md, "Drives".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_gateway import ProviderTask
from totetaxi_core.logistics.courier_task import (
    UNTOUCHED,
    CourierTask,
    CourierTaskStatus,
    standing,
)
from totetaxi_core.logistics.drive_legs import UNDER_COURIER, legs_of
from totetaxi_core.logistics.drive_window import drive_window
from totetaxi_core.ports import Terms
from totetaxi_core.reconciliation.drift import Drift, DriftKind, Repair

UNDER_WAY: Final = "its driver is under way: ask them, then end it at the courier's"
NOT_OVER: Final = "the booking is completed: end or delete the task at the courier's"
ENDED_OTHERWISE: Final = "both are final: which of the two is right is for a person to say"
DELETED_THERE: Final = "it was deleted at the courier's: order it anew if it is to be driven"


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRecord:
    """A booking, our tasks of it, deleted ones too, and those the courier has with its id.

    Of what was made since `listed_since`, all is among `seen`.
    """

    booking: Booking
    tasks: tuple[CourierTask, ...]
    seen: Sequence[ProviderTask]
    listed_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveLook:
    """When is looked: what is newer than `settled_before`, or `sent_before`, is on its way."""

    now: datetime
    settled_before: datetime
    sent_before: datetime


def drive_drifts(record: DriveRecord, look: DriveLook, terms: Terms) -> Iterator[Drift]:
    """Yield every difference that is not just on its way."""
    rows = {task.onfleet_task_id: task for task in record.tasks if task.onfleet_task_id}
    for seen in record.seen:
        if seen.changed_at < look.settled_before:
            yield from _of_seen(record, rows.get(seen.id), seen, look)
    yield from _gone(record, look)
    yield from _undriven(record, look, terms)


def _of_seen(
    record: DriveRecord, row: CourierTask | None, seen: ProviderTask, look: DriveLook
) -> Iterator[Drift]:
    booking = record.booking
    if row is None:
        waiting = next((one for one in record.tasks if one.id == seen.task_id), None)
        if waiting is not None and waiting.is_waiting:
            yield _apart(booking, waiting, f"the courier's task is {seen.status}, ours waits")
            return
    if row is None or row.status is CourierTaskStatus.DELETED:
        yield from _unwanted(booking, seen, "the courier has a task that we have not")
    elif booking.status is BookingStatus.CANCELLED and booking.updated_at < look.sent_before:
        yield from _unwanted(booking, seen, "the booking is cancelled, and the courier has a task")
    elif booking.status is BookingStatus.COMPLETED and not _is_over(seen):
        detail = f"the booking is completed, and its task is {seen.status}"
        yield _without_booking(booking, seen, detail, left_because=NOT_OVER)
    else:
        yield from _state(booking, row, seen)


def _unwanted(booking: Booking, seen: ProviderTask, detail: str) -> Iterator[Drift]:
    """Yield an open task that nobody wants driven; one that is over did no harm."""
    if seen.status in UNTOUCHED:
        yield _without_booking(booking, seen, detail, repair=Repair.DELETE_TASK)
    elif not _is_over(seen):
        yield _without_booking(booking, seen, detail, left_because=UNDER_WAY)


def _state(booking: Booking, row: CourierTask, seen: ProviderTask) -> Iterator[Drift]:
    is_news = row.changed_at is None or row.changed_at <= seen.changed_at
    if row.status is seen.status or not is_news:
        return
    detail = f"the courier's task is {seen.status}, ours {row.status}"
    if row.is_final:
        if _is_over(seen):
            yield _apart(booking, row, detail, left_because=ENDED_OTHERWISE)
        return
    yield _apart(booking, row, detail)


def _gone(record: DriveRecord, look: DriveLook) -> Iterator[Drift]:
    """Yield our open tasks that the courier has no more."""
    known = {seen.id for seen in record.seen}
    listed = (task for task in record.tasks if task.created_at >= record.listed_since)
    for task in listed:
        is_open = not (task.is_final or task.is_waiting)
        if is_open and task.onfleet_task_id not in known and task.updated_at < look.settled_before:
            yield _apart(
                record.booking, task, f"the courier has no such task, ours is {task.status}"
            )


def _undriven(record: DriveRecord, look: DriveLook, terms: Terms) -> Iterator[Drift]:
    """Yield a booking whose drive is ahead and that the courier does not know of; its first leg."""
    booking = record.booking
    if booking.status not in UNDER_COURIER or booking.updated_at >= look.sent_before:
        return
    stand = {task.leg: task for task in standing(record.tasks)}
    for leg in legs_of(booking):
        task = stand.get(leg)
        if task is not None and task.status is CourierTaskStatus.FAILED:
            return  # nothing follows what was not driven, and staff were told
        if task is not None and not task.is_waiting:
            continue
        if drive_window(booking, leg, terms).ahead_of(look.now) is None:
            return
        if task is None or task.updated_at < look.sent_before:
            lost = task is None and any(one.leg is leg for one in record.tasks)
            yield _without_task(booking, task, f"its {leg} is not at the courier's", is_lost=lost)
        return


def _is_over(seen: ProviderTask) -> bool:
    return seen.status in {CourierTaskStatus.COMPLETED, CourierTaskStatus.FAILED}


def _apart(
    booking: Booking, task: CourierTask, detail: str, *, left_because: str | None = None
) -> Drift:
    return Drift(
        kind=DriftKind.TASK_STATE_APART,
        booking_id=booking.id,
        booking_number=booking.booking_number,
        courier_task_id=task.id,
        detail=detail,
        repair=None if left_because else Repair.SYNC_TASK,
        left_because=left_because,
    )


def _without_booking(
    booking: Booking,
    seen: ProviderTask,
    detail: str,
    *,
    repair: Repair | None = None,
    left_because: str | None = None,
) -> Drift:
    return Drift(
        kind=DriftKind.TASK_WITHOUT_BOOKING,
        booking_id=booking.id,
        booking_number=booking.booking_number,
        onfleet_task_id=seen.id,
        detail=detail,
        repair=repair,
        left_because=left_because,
    )


def _without_task(
    booking: Booking, task: CourierTask | None, detail: str, *, is_lost: bool
) -> Drift:
    refused = f"the courier refuses it: {task.refusal}" if task and task.refusal else None
    left_because = DELETED_THERE if is_lost else refused
    return Drift(
        kind=DriftKind.BOOKING_WITHOUT_TASK,
        booking_id=booking.id,
        booking_number=booking.booking_number,
        detail=detail,
        repair=None if left_because else Repair.CREATE_TASKS,
        left_because=left_because,
    )
