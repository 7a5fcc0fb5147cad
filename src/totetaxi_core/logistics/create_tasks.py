"""Have a booking driven: one task per leg at the courier's, whatever goes wrong in between.

Our row is committed first; its id is the reference that the courier's task carries. Once it may
have been asked, the courier must say whether it has the task before it is told to make one.

Source: docs/dispatch.md, "What is sent to the courier".
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_task import (
    UNTOUCHED,
    CourierTask,
    CourierTaskStatus,
    Leg,
    standing,
)
from totetaxi_core.logistics.create_task import create_task
from totetaxi_core.logistics.drive_legs import UNDER_COURIER, legs_of
from totetaxi_core.logistics.drive_window import drive_window
from totetaxi_core.logistics.move_tasks import tell_anew
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

RETRY_AFTER: Final = timedelta(minutes=2)  # for who asked, and died before the courier knew


class NotDrivableError(DomainError):
    """The booking is not confirmed, or is over, or its time has passed."""

    code = "not_drivable"
    field = "booking_id"

    def __init__(self, number: str, why: str) -> None:
        super().__init__(f"booking {number} {why}, and cannot be given to the courier")


async def create_tasks(
    booking_id: UUID,
    ports: Ports,
    terms: Terms,
    *,
    replaces_deleted: bool = True,
    staff_name: str | None = None,
) -> tuple[CourierTask, ...]:
    """Create what the courier does not have yet of a booking's legs; return those that stand.

    `replaces_deleted`: a leg whose task was deleted gets another one, as staff ask for it; what is
    owed since the booking was confirmed makes each leg once. With a `staff_name` the act goes on
    record, and what cannot be driven is refused; else it is left alone.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotDrivableError: to staff.
        CourierTaskBusyError: somebody is at it; it is done within two minutes, or tried again.
        CourierUnavailableError, CourierMisconfiguredError: no answer; the tasks wait.
        CourierRefusedError: the courier never takes it as it is; staff are told.
    """
    rows = _Rows(booking_id, ports, terms, replaces_deleted=replaces_deleted, by=staff_name)
    for task in await rows.ensure():
        if task.is_waiting:
            await create_task(task.id, ports, terms)
    for task in _behind_new_pickup(await _standing(booking_id, ports)):
        await tell_anew(task.id, ports, terms)
    return await _standing(booking_id, ports)


async def _standing(booking_id: UUID, ports: Ports) -> tuple[CourierTask, ...]:
    async with ports.unit_of_work() as uow:
        return standing(await uow.courier_tasks.of_booking(booking_id))


def _behind_new_pickup(tasks: tuple[CourierTask, ...]) -> Iterator[CourierTask]:
    """Yield a drop-off made before its pickup: the courier has it wait for one that is gone."""
    pickup = next((one for one in tasks if one.leg is Leg.PICKUP), None)
    if pickup is not None and pickup.onfleet_task_id is not None:
        for task in tasks:
            if task.created_at < pickup.created_at and task.status in UNTOUCHED:
                yield task


class _Rows:
    """The transaction that commits our rows before the courier hears of them."""

    def __init__(
        self,
        booking_id: UUID,
        ports: Ports,
        terms: Terms,
        *,
        replaces_deleted: bool,
        by: str | None,
    ) -> None:
        self.booking_id, self.ports, self.terms = booking_id, ports, terms
        self.replaces_deleted, self.by = replaces_deleted, by

    async def ensure(self) -> tuple[CourierTask, ...]:
        """Return the tasks that stand, with a new row for each leg that lacks one."""
        now = self.ports.clock()
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(self.booking_id, lock=True)
            if booking.status not in UNDER_COURIER:
                return self._refuse(booking, f"is {booking.status.replace('_', ' ')}")
            known = await uow.courier_tasks.of_booking(booking.id)
            missing = self._missing(booking, known, at=now)
            for task in missing:
                await uow.courier_tasks.add(task)
            every = standing((*known, *missing))
            if not every:
                return self._refuse(booking, "has no drive ahead")
            if missing:
                await self._owe_and_record(booking, missing, uow, at=now)
                await uow.commit()
        return every

    def _missing(
        self, booking: Booking, known: tuple[CourierTask, ...], *, at: datetime
    ) -> tuple[CourierTask, ...]:
        """Return a new task for each leg without one, up to the first that cannot be driven.

        What is owed and comes too late makes that one too: it is given up, and staff are told.
        """
        missing: list[CourierTask] = []
        for leg in legs_of(booking):
            own = [task for task in known if task.leg is leg]
            if standing(own):
                continue
            is_over = drive_window(booking, leg, self.terms).ahead_of(at) is None
            is_told_of = bool(known) or self.replaces_deleted
            if (is_over and is_told_of) or (own and not self.replaces_deleted):
                break
            missing.append(self._new(booking, leg, at=at))
            if is_over:
                break
        return tuple(missing)

    def _new(self, booking: Booking, leg: Leg, *, at: datetime) -> CourierTask:
        window = drive_window(booking, leg, self.terms)
        return CourierTask(
            id=self.ports.ids.new_id(),
            booking_id=booking.id,
            leg=leg,
            status=CourierTaskStatus.WAITING,
            window_start_at=window.start_at,
            window_end_at=window.end_at,
            created_at=at,
            updated_at=at,
        )

    async def _owe_and_record(
        self, booking: Booking, missing: tuple[CourierTask, ...], uow: UnitOfWork, *, at: datetime
    ) -> None:
        if self.replaces_deleted:
            effect = owed(
                self.ports.ids,
                EffectKind.CREATE_COURIER_TASKS,
                f"{booking.id}:{missing[0].id}",
                at=at,
                payload={"booking_id": str(booking.id)},
            )
            await uow.outbox.owe(replace(effect, due_at=at + RETRY_AFTER))
        if self.by is not None:
            await uow.staff_acts.add(_act(booking, missing, self.ports, by=self.by, at=at))

    def _refuse(self, booking: Booking, why: str) -> tuple[CourierTask, ...]:
        if self.by is not None:
            raise NotDrivableError(booking.booking_number, why)
        return ()


def _act(
    booking: Booking, made: tuple[CourierTask, ...], ports: Ports, *, by: str, at: datetime
) -> StaffAct:
    legs = " and ".join(task.leg for task in made)
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=by,
        action_type="courier_tasks_created",
        description=f"gave {booking.booking_number} to the courier: {legs}",
        booking_id=booking.id,
        customer_id=booking.customer_id,
        created_at=at,
    )
