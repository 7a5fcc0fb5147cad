"""What the courier's answer makes of a task of ours: no older news, and nothing leaves its end."""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from totetaxi_core.logistics.courier_gateway import ProviderTask
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus

Value = TypeVar("Value")
UNENDED = frozenset({CourierTaskStatus.DELETED})


def as_seen(task: CourierTask, seen: ProviderTask, *, at: datetime) -> CourierTask:
    """Return the task after a look at the courier's at `at`.

    An answer older than what we know is none. A task that is over stays so, whatever is said of
    it since; its proof of delivery may still grow.
    """
    looked_at = replace(task, last_synced_at=at)
    if task.status in UNENDED or (task.changed_at and seen.changed_at < task.changed_at):
        return looked_at
    if task.is_final:
        return _with_proof(looked_at, seen, at=at)
    return _with_proof(_moved(looked_at, seen), seen, at=at)


def _moved(task: CourierTask, seen: ProviderTask) -> CourierTask:
    start_at, end_at = _window(task, seen)
    return replace(
        task,
        status=seen.status,
        onfleet_task_id=seen.id,
        onfleet_short_id=seen.short_id,
        tracking_url=seen.tracking_url or task.tracking_url,
        worker_id=seen.worker_id,
        worker_name=task.worker_name if seen.worker_id == task.worker_id else "",
        window_start_at=start_at,
        window_end_at=end_at,
        estimated_arrival_at=seen.estimated_arrival_at,
        started_at=seen.started_at or task.started_at,
        completed_at=seen.completed_at,
        failure_reason=seen.failure_reason,
        address_warnings=seen.address_warnings,
        refusal="",
    )


def _window(task: CourierTask, seen: ProviderTask) -> tuple[datetime, datetime]:
    """Return the courier's window; an end that a dispatcher took out there stays as we had it.

    Where the two make none, it is as long as ours was.
    """
    start_at = seen.window_start_at or task.window_start_at
    end_at = seen.window_end_at or task.window_end_at
    if start_at < end_at:
        return start_at, end_at
    length = task.window_end_at - task.window_start_at
    if seen.window_start_at is None:
        return end_at - length, end_at
    return start_at, start_at + length


def _with_proof(task: CourierTask, seen: ProviderTask, *, at: datetime) -> CourierTask:
    """Add what was not known: a photo that the courier's answer once had is not lost again."""
    new = tuple(one for one in seen.photo_ids if one not in task.photo_ids)
    proven = replace(
        task,
        driver_notes=seen.driver_notes or task.driver_notes,
        photo_ids=(*task.photo_ids, *new),
        signature_id=seen.signature_id or task.signature_id,
        changed_at=_latest(task.changed_at, seen.changed_at),
    )
    return replace(proven, updated_at=at)


def _latest(known: datetime | None, seen: datetime) -> datetime:
    return seen if known is None else max(known, seen)
