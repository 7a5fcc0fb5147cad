"""The port by which staff see what is driven."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, standing
from totetaxi_core.logistics.dispatch_desk import (
    BoardEntry,
    CourierBacklog,
    FoundTask,
    KeptProof,
    TaskFilter,
)
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.logistics.task_warning import is_late
from totetaxi_core.logistics.wake_resting import TOLD_COURIER
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.page import Place

DELETED = CourierTaskStatus.DELETED


class MemoryDispatchDesk:
    """There are no processes here: the worker was never heard of."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._tasks = View(database.courier_tasks, transaction)
        self._bookings = View(database.bookings, transaction)
        self._documents = View(database.documents, transaction)
        self._effects = View(database.effects, transaction)

    async def board(self, on: date) -> tuple[BoardEntry, ...]:
        entries = (
            self._entry(row) for row in self._bookings.all() if row.quote.request.pickup_date == on
        )
        shown = [one for one in entries if one.status in STANDING or one.tasks]
        return tuple(sorted(shown, key=lambda one: (one.pickup_at, one.booking_number)))

    async def page(
        self,
        wanted: TaskFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundTask, ...]:
        every = self._found(self._tasks.all(), lambda one: _is(one, wanted))
        if after is not None:
            return tuple([one for one in every if one.place > after][:limit][::-1])
        older = [one for one in every if before is None or one.place < before]
        return tuple(older[::-1][:limit])

    async def find(self, task_id: UUID) -> FoundTask:
        """Return the task.

        Raises:
            CourierTaskNotFoundError: no task of ours has this id.
        """
        task = self._tasks.get(task_id)
        if task is None:
            raise CourierTaskNotFoundError(f"there is no courier task {task_id}")
        [found] = self._found([task], lambda _: True)
        return found

    async def by_status(
        self, *, starts_from: datetime, starts_before: datetime
    ) -> Mapping[CourierTaskStatus, int]:
        return Counter(
            one.status
            for one in self._tasks.all()
            if one.status is not DELETED and starts_from <= one.window_start_at < starts_before
        )

    async def under_way(self, *, limit: int) -> tuple[FoundTask, ...]:
        active = CourierTaskStatus.ACTIVE
        return self._found(self._tasks.all(), lambda one: one.task.status is active)[:limit]

    async def late(self, *, at: datetime, limit: int) -> tuple[FoundTask, ...]:
        return self._found(self._tasks.all(), lambda one: is_late(one.task, at=at))[:limit]

    async def failed(self, *, since: datetime, limit: int) -> tuple[FoundTask, ...]:
        def is_open_failure(one: FoundTask) -> bool:
            failed = one.task.status is CourierTaskStatus.FAILED
            is_recent = one.task.window_start_at >= since
            return failed and is_recent and one.booking_status in UNDER_COURIER

        return self._found(self._tasks.all(), is_open_failure)[:limit]

    async def backlog(self) -> CourierBacklog:
        tasks = list(self._tasks.all())
        waiting = [one for one in tasks if one.is_waiting]
        there = [one for one in tasks if not (one.is_final or one.is_waiting)]
        synced = [one.last_synced_at for one in there if one.last_synced_at is not None]
        owed = [
            row.effect.created_at
            for row in self._effects.all()
            if row.effect.kind in TOLD_COURIER and row.effect.state is not EffectState.DONE
        ]
        return CourierBacklog(
            waiting=len(waiting),
            refused=sum(bool(one.refusal) for one in waiting),
            waiting_since=min((one.created_at for one in waiting), default=None),
            owed=len(owed),
            owed_since=min(owed, default=None),
            open=len(there),
            last_sync_at=max(synced, default=None),
            oldest_sync_at=min(synced, default=None),
        )

    def _found(
        self, tasks: Iterable[CourierTask], is_wanted: Callable[[FoundTask], bool]
    ) -> tuple[FoundTask, ...]:
        every = [(task, self._bookings.get(task.booking_id)) for task in tasks]
        found = [
            FoundTask(
                task=task,
                booking_number=booking.booking_number,
                booking_status=booking.status,
            )
            for task, booking in every
            if booking is not None
        ]
        return tuple(sorted(filter(is_wanted, found), key=lambda one: one.place))

    def _entry(self, booking: Booking) -> BoardEntry:
        delivery = booking.delivery_address
        kept = sorted(self._documents.where("booking", booking.id), key=Place.of)
        return BoardEntry(
            booking_id=booking.id,
            booking_number=booking.booking_number,
            status=booking.status,
            service_type=booking.quote.request.service_type,
            pickup_at=booking.pickup_at,
            full_name=booking.contact.full_name.strip(),
            phone=booking.contact.phone,
            pickup_city=booking.pickup_address.city,
            delivery_city=None if delivery is None else delivery.city,
            tasks=standing(self._tasks.where("booking", booking.id)),
            proof=tuple(_proof(one) for one in kept if one.is_stored and one.is_proof),
        )


def _proof(document: Document) -> KeptProof:
    return KeptProof(document.id, document.file_name)


def _is(found: FoundTask, wanted: TaskFilter) -> bool:
    task = found.task
    if task.status is DELETED and not wanted.has_deleted:
        return False
    if wanted.status not in (None, task.status):
        return False
    if wanted.booking_number not in (None, found.booking_number):
        return False
    if wanted.starts_from is not None and task.window_start_at < wanted.starts_from:
        return False
    return wanted.starts_before is None or task.window_start_at < wanted.starts_before
