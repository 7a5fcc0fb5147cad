"""A house with a booking to be driven, and a courier that a test can interrupt."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.rescheduling import NINE, SATURDAY, WEDNESDAY, a_moving_house
from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking, preview_cancellation
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.logistics.cancel_tasks import cancel_tasks
from totetaxi_core.logistics.courier_gateway import CourierEvent, ProviderTask, TaskOrder
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg, standing
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.move_tasks import move_tasks
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState

Deed = Callable[[], Awaitable[object]]


class InterruptedCourier(MemoryCourierGateway):
    """`before` runs a deed once, before the next call of that name; `calls` names each in order."""

    def __init__(self, house: MemoryHouse) -> None:
        super().__init__(ids=house.ids, clock=house.clock)
        self.calls: list[str] = []
        self._before: dict[str, deque[Deed]] = {}

    def before(self, call: str, deed: Deed) -> None:
        self._before.setdefault(call, deque()).append(deed)

    async def create_task(self, order: TaskOrder) -> ProviderTask:
        await self._enter("create")
        return await super().create_task(order)

    async def find_task(self, task_id: UUID) -> ProviderTask | None:
        await self._enter("find")
        return await super().find_task(task_id)

    async def get_task(self, onfleet_task_id: str) -> ProviderTask:
        await self._enter("get")
        return await super().get_task(onfleet_task_id)

    async def update_task(self, onfleet_task_id: str, order: TaskOrder) -> ProviderTask:
        await self._enter("update")
        return await super().update_task(onfleet_task_id, order)

    async def delete_task(self, onfleet_task_id: str) -> None:
        await self._enter("delete")
        await super().delete_task(onfleet_task_id)

    async def _enter(self, call: str) -> None:
        self.calls.append(call)
        deeds = self._before.get(call)
        if deeds:
            await deeds.popleft()()


class CourierHouse:
    """One house, one confirmed booking of it, and the courier."""

    def __init__(self, house: MemoryHouse, booking: Booking) -> None:
        self.house = house
        self.couriers = InterruptedCourier(house)
        house.ports = replace(house.ports, couriers=self.couriers)
        self.booking_id = booking.id

    @property
    def booking(self) -> Booking:
        return self.house.booking(self.booking_id)

    async def create(self) -> tuple[CourierTask, ...]:
        house = self.house
        return await create_tasks(self.booking_id, house.ports, house.terms, replaces_deleted=False)

    def tasks(self) -> tuple[CourierTask, ...]:
        """Return what stands of our rows, the pickup first."""
        rows = self.house.database.courier_tasks.rows.values()
        return standing(row for row in rows if row.booking_id == self.booking_id)

    def task(self, leg: Leg = Leg.PICKUP) -> CourierTask:
        [found] = [task for task in self.tasks() if task.leg is leg]
        return found

    def statuses(self) -> list[CourierTaskStatus]:
        return [task.status for task in self.tasks()]

    def at_courier(self, leg: Leg = Leg.PICKUP) -> ProviderTask:
        """Return the courier's one task of the leg."""
        [found] = [task for task in self.couriers.tasks.values() if task.leg is leg]
        return found

    def drive(self, leg: Leg, status: CourierTaskStatus, **facts: Any) -> None:  # noqa: ANN401  any of a task
        """Do as a driver does, a minute after what was before."""
        self.house.clock.advance(timedelta(minutes=1))
        self.couriers.drive(self.at_courier(leg).id, status, **facts)

    def event(self, leg: Leg = Leg.PICKUP, *, key: str = "event-1") -> CourierEvent:
        task_id = self.task(leg).onfleet_task_id
        return CourierEvent(key=key, kind="taskUpdated", onfleet_task_id=task_id)

    async def cancel(self) -> None:
        """Cancel the booking as staff do."""
        house = self.house
        cancelling = Cancelling(booking_id=self.booking_id, staff_name="maria")
        offer = await preview_cancellation(cancelling, house.ports)
        await cancel_booking(
            cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
        )

    async def move(self, on: date = WEDNESDAY, at: time = NINE) -> None:
        """Move the booking to another slot of the same price."""
        house = self.house
        slot = Rescheduling(booking_id=self.booking_id, pickup_date=on, pickup_time=at)
        offer = await preview_reschedule(slot, house.ports, house.terms)
        total_cents = offer.quote.total_cents
        await reschedule_booking(slot, house.ports, house.terms, expected_total_cents=total_cents)

    async def hold_saturday(self) -> None:
        """Have the booking wait for the difference to a Saturday."""
        await self.move(on=SATURDAY)

    async def cancel_tasks(self) -> None:
        await cancel_tasks(self.booking_id, self.house.ports, self.house.terms)

    async def move_tasks(self) -> None:
        await move_tasks(self.booking_id, self.house.ports, self.house.terms)

    async def sync(self, leg: Leg = Leg.PICKUP) -> CourierTask:
        return await sync_task(self.task(leg).id, self.house.ports, self.house.terms)

    def alerts(self) -> list[str]:
        """Return the reasons for which staff were alerted of a drive, oldest first."""
        owed = self.house.effects(EffectKind.SEND_MESSAGE)
        return [each.payload["reason"] for each in owed if "reason" in each.payload]

    def words(self, kind: MessageKind) -> list[UUID]:
        """Return the tasks about which a message of this kind was owed."""
        owed = self.house.effects(EffectKind.SEND_MESSAGE)
        return [
            UUID(each.payload["courier_task_id"])
            for each in owed
            if each.payload["message_kind"] == kind
        ]

    def undone(self, kind: EffectKind) -> list[EffectState]:
        return [each.state for each in self.house.effects(kind) if each.state != EffectState.DONE]


async def a_courier_house(**changes: Any) -> CourierHouse:  # noqa: ANN401  any field of an order
    """Return a house with a paid booking: December 1 at 09:00, both legs unless changed."""
    house = await a_moving_house()
    _, intent = await house.book_unpaid(**changes)
    confirmed = await house.settle(house.pay(intent))
    assert confirmed is not None
    return CourierHouse(house, confirmed)


async def a_driven_house(**changes: Any) -> CourierHouse:  # noqa: ANN401  any field of an order
    """Return such a house whose booking's tasks the courier has."""
    found = await a_courier_house(**changes)
    await found.create()
    found.couriers.calls.clear()
    return found
