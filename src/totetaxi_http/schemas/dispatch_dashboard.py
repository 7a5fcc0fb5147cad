"""Moving day at a glance, on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Literal, Self

import attrs

from totetaxi_adapters.health import SILENT_AFTER
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.dispatch_dashboard import DispatchDashboard
from totetaxi_core.logistics.dispatch_desk import CourierBacklog, FoundTask
from totetaxi_http.schemas.listed_task import ListedTaskResponse


@attrs.frozen(kw_only=True)
class TaskCountsResponse:
    waiting: int
    created: int
    assigned: int
    active: int
    completed: int
    failed: int

    @classmethod
    def from_counts(cls, counts: Mapping[CourierTaskStatus, int]) -> Self:
        return cls(**{status.value: number for status, number in counts.items()})


@attrs.frozen(kw_only=True)
class BacklogResponse:
    """What the courier does not know yet.

    `waiting` tasks are not there, the oldest since `waiting_since`; `refused` of them it would not
    take. `owed` creations, changes and cancellations are still to be told to it, or made sure
    of.
    """

    waiting: int
    waiting_since: datetime | None
    refused: int
    owed: int
    owed_since: datetime | None

    @classmethod
    def from_backlog(cls, backlog: CourierBacklog) -> Self:
        return cls(
            waiting=backlog.waiting,
            waiting_since=backlog.waiting_since,
            refused=backlog.refused,
            owed=backlog.owed,
            owed_since=backlog.owed_since,
        )


@attrs.frozen(kw_only=True)
class SyncStateResponse:
    """How fresh what we know of `open_tasks` is: the last look at one, and the least recent."""

    open_tasks: int
    last_sync_at: datetime | None
    oldest_sync_at: datetime | None

    @classmethod
    def from_backlog(cls, backlog: CourierBacklog) -> Self:
        return cls(
            open_tasks=backlog.open,
            last_sync_at=backlog.last_sync_at,
            oldest_sync_at=backlog.oldest_sync_at,
        )


@attrs.frozen(kw_only=True)
class WorkerResponse:
    """Who tells the courier and looks at tasks; seconds since, null if never."""

    status: Literal["healthy", "silent", "never_seen"]
    silent_s: int | None
    last_round_s: int | None

    @classmethod
    def from_backlog(cls, backlog: CourierBacklog) -> Self:
        silent_s = backlog.worker_silent_s
        return cls(
            status=_worker_status(silent_s),
            silent_s=silent_s,
            last_round_s=backlog.round_silent_s,
        )


def _worker_status(silent_s: int | None) -> Literal["healthy", "silent", "never_seen"]:
    if silent_s is None:
        return "never_seen"
    return "healthy" if silent_s <= SILENT_AFTER.total_seconds() else "silent"


@attrs.frozen(kw_only=True)
class DispatchDashboardResponse:
    """`today` is New York's and counts the tasks due to begin on it.

    Each list has at most 50 tasks, the first due first. `failed` are those of the last 30 days
    whose bookings are not over.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "seen_at": "2026-12-01T14:40:00Z",
        "date": "2026-12-01",
        "today": {
            "waiting": 0,
            "created": 2,
            "assigned": 5,
            "active": 1,
            "completed": 4,
            "failed": 0,
        },
        "active_deliveries": [{**ListedTaskResponse.EXAMPLE, "status": "active"}],
        "late": [],
        "failed": [],
        "backlog": {
            "waiting": 0,
            "waiting_since": None,
            "refused": 0,
            "owed": 1,
            "owed_since": "2026-12-01T14:39:58Z",
        },
        "sync": {
            "open_tasks": 8,
            "last_sync_at": "2026-12-01T14:39:40Z",
            "oldest_sync_at": "2026-12-01T14:39:05Z",
        },
        "worker": {"status": "healthy", "silent_s": 6, "last_round_s": 18},
    }

    seen_at: datetime
    date: date
    today: TaskCountsResponse
    active_deliveries: tuple[ListedTaskResponse, ...]
    late: tuple[ListedTaskResponse, ...]
    failed: tuple[ListedTaskResponse, ...]
    backlog: BacklogResponse
    sync: SyncStateResponse
    worker: WorkerResponse

    @classmethod
    def from_dashboard(cls, seen: DispatchDashboard) -> Self:
        def listed(found: tuple[FoundTask, ...]) -> tuple[ListedTaskResponse, ...]:
            return tuple(ListedTaskResponse.from_found(one, at=seen.seen_at) for one in found)

        return cls(
            seen_at=seen.seen_at,
            date=seen.today_on,
            today=TaskCountsResponse.from_counts(seen.today),
            active_deliveries=listed(seen.under_way),
            late=listed(seen.late),
            failed=listed(seen.failed),
            backlog=BacklogResponse.from_backlog(seen.backlog),
            sync=SyncStateResponse.from_backlog(seen.backlog),
            worker=WorkerResponse.from_backlog(seen.backlog),
        )
