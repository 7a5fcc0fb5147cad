"""What a dispatcher must see to about a task."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus

ASSIGNED_BEFORE: Final = timedelta(hours=1)


class TaskWarning(StrEnum):
    """`address`: the courier is not sure of it. `unassigned`: an hour before, or later."""

    LATE = "late"
    FAILED = "failed"
    REFUSED = "refused"
    NOT_AT_COURIER = "not_at_courier"
    UNASSIGNED = "unassigned"
    ADDRESS = "address"


def is_late(task: CourierTask, *, at: datetime) -> bool:
    """Tell whether its window ended and it is not over, or the driver is expected after it."""
    if task.is_final:
        return False
    expected_at = task.estimated_arrival_at or task.window_end_at
    return at > task.window_end_at or expected_at > task.window_end_at


def warnings_of(task: CourierTask, *, at: datetime) -> tuple[TaskWarning, ...]:
    """Return what is to be seen to, the gravest first; nothing of one that went well."""
    return tuple(_warnings(task, at=at))


def _warnings(task: CourierTask, *, at: datetime) -> Iterator[TaskWarning]:
    if is_late(task, at=at):
        yield TaskWarning.LATE
    if task.status is CourierTaskStatus.FAILED:
        yield TaskWarning.FAILED
    if task.is_waiting:
        yield TaskWarning.REFUSED if task.refusal else TaskWarning.NOT_AT_COURIER
    is_near = at >= task.window_start_at - ASSIGNED_BEFORE
    if task.status is CourierTaskStatus.CREATED and is_near:
        yield TaskWarning.UNASSIGNED
    if task.address_warnings and not task.is_final:
        yield TaskWarning.ADDRESS
