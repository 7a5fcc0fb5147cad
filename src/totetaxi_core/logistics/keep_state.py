"""Store what the courier says of a task, with all that follows from it, in one transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.end_reschedule import close_reschedule
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_alert import owed_alert, owed_word
from totetaxi_core.logistics.courier_gateway import ProviderTask
from totetaxi_core.logistics.courier_state import as_seen
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTask, CourierTaskStatus
from totetaxi_core.logistics.drive_legs import UNDER_COURIER, last_leg
from totetaxi_core.logistics.feed_booking import feed_booking
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.staff_alert import AlertReason
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce_task import announce_task

MAX_TRIES = 5
ENDED = frozenset({CourierTaskStatus.COMPLETED, CourierTaskStatus.FAILED})
LATER_LOOKS = (timedelta(minutes=15), timedelta(hours=6))


async def locked_task(task_id: UUID, uow: UnitOfWork) -> tuple[Booking, CourierTask]:
    """Return a task and its booking, both locked in the order of the house.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
        BookingNotFoundError: its booking is gone.
    """
    booking_id = (await uow.courier_tasks.get(task_id)).booking_id
    booking = await uow.bookings.get(booking_id, lock=True)
    return booking, await uow.courier_tasks.get(task_id, lock=True)


async def keep_state(
    task_id: UUID,
    seen: ProviderTask | None,
    ports: Ports,
    terms: Terms,
    *,
    claim: datetime | None = None,
    worker_name: str = "",
) -> CourierTask:
    """Store a look at a task; None: the courier has it no more. A `claim` of ours is given back.

    The booking follows its tasks. A reschedule of it that waits for its payment ends before.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
        BookingNotFoundError: its booking is gone.
        PaymentUnderWayError, PaymentUnavailableError: of the reschedule's payment; the task's
            state is stored by then.
    """
    for _ in range(MAX_TRIES):
        now = ports.clock()
        async with ports.unit_of_work() as uow:
            booking, before = await locked_task(task_id, uow)
            after = _after(before, seen, claim=claim, worker_name=worker_name, at=now)
            if booking.contact.is_erased:
                after = after.forget()
            await uow.courier_tasks.save(after)
            for effect in _owed(booking, before, after, ports.ids, at=now):
                await uow.outbox.owe(effect)
            if after.status is not before.status:
                await announce_task(uow, after, booking, at=now)
            is_fed = await feed_booking(booking, uow, at=now)
            await uow.commit()
        if is_fed:
            return after
        await close_reschedule(booking.id, ports, terms)
    raise PaymentUnderWayError("somebody keeps rescheduling this booking")


def _after(
    task: CourierTask,
    seen: ProviderTask | None,
    *,
    claim: datetime | None,
    worker_name: str,
    at: datetime,
) -> CourierTask:
    after = task.drop(at=at) if seen is None else as_seen(task, seen, at=at)
    if worker_name and seen is not None and after.worker_id == seen.worker_id:
        after = replace(after, worker_name=worker_name)
    after = replace(after, last_synced_at=at, look_again_at=_next_look(after, at=at))
    return after if claim is None else after.release(claim)


def _next_look(task: CourierTask, *, at: datetime) -> datetime | None:
    """Return when to ask for proof again: photos reach the courier after the drive's end."""
    ended_at = task.completed_at or task.changed_at
    if task.status not in ENDED or ended_at is None:
        return None
    return next((ended_at + later for later in LATER_LOOKS if ended_at + later > at), None)


def _owed(
    booking: Booking, before: CourierTask, after: CourierTask, ids: IdSource, *, at: datetime
) -> Iterator[OwedEffect]:
    if after.status is not before.status:
        yield from _owed_at_turn(booking, after, ids, at=at)
    if _is_made_for_another_time(before, after):
        payload = {"booking_id": str(booking.id)}
        cause = f"{after.id}:made late"
        yield owed(ids, EffectKind.RESCHEDULE_COURIER_TASKS, cause, at=at, payload=payload)
    is_unsure = bool(after.address_warnings) and not after.is_final
    if is_unsure and not before.address_warnings and booking.status in UNDER_COURIER:
        yield owed_alert(ids, AlertReason.COURIER_ADDRESS_UNSURE, booking, after, at=at)
    if after.is_final:
        for upload_id in after.upload_ids:
            payload = {"courier_task_id": str(after.id), "upload_id": upload_id}
            cause = f"{after.id}:{upload_id}"
            yield owed(ids, EffectKind.KEEP_PROOF, cause, at=at, payload=payload)


def _is_made_for_another_time(before: CourierTask, after: CourierTask) -> bool:
    """Whether the courier made it late, after its booking moved: then only our row had moved.

    The end tells, as the start of a window that has begun is later at the courier's anyway.
    """
    is_new = before.is_waiting and after.status in UNTOUCHED
    return is_new and before.window_end_at != after.window_end_at


def _owed_at_turn(
    booking: Booking, task: CourierTask, ids: IdSource, *, at: datetime
) -> Iterator[OwedEffect]:
    """Yield what is owed as a task comes to stand where it stands."""
    is_cancelled = booking.status is BookingStatus.CANCELLED
    match task.status:
        case CourierTaskStatus.ACTIVE if booking.status in UNDER_COURIER:
            yield owed_word(ids, MessageKind.DRIVER_ON_THE_WAY, booking, task, at=at)
        case CourierTaskStatus.ACTIVE if is_cancelled:
            yield owed_alert(ids, AlertReason.COURIER_TASK_NOT_CANCELLED, booking, task, at=at)
        case CourierTaskStatus.COMPLETED if task.leg is last_leg(booking) and not is_cancelled:
            yield owed_word(ids, MessageKind.DELIVERED, booking, task, at=at)
        case CourierTaskStatus.FAILED if not is_cancelled:
            yield owed_alert(ids, AlertReason.COURIER_TASK_FAILED, booking, task, at=at)
        case CourierTaskStatus.DELETED if booking.status in UNDER_COURIER:
            yield owed_alert(ids, AlertReason.COURIER_TASK_LOST, booking, task, at=at)
