"""Take up the courier's tasks that were owed before anybody could create them."""

from typing import Final
from uuid import UUID

from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

TOLD_COURIER: Final = (
    EffectKind.CREATE_COURIER_TASKS,
    EffectKind.CANCEL_COURIER_TASKS,
    EffectKind.RESCHEDULE_COURIER_TASKS,
)


async def wake_resting(ports: Ports, *, limit: int) -> int:
    """Make what rests due, or, where the pickup is past, done; return how many rested no more."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        resting = await uow.outbox.resting(TOLD_COURIER, limit=limit)
        for effect in resting:
            is_ahead = await _is_ahead(effect, uow, ports)
            await uow.outbox.save(effect.wake(at=now) if is_ahead else effect.done(at=now))
        await uow.commit()
    return len(resting)


async def _is_ahead(effect: OwedEffect, uow: UnitOfWork, ports: Ports) -> bool:
    try:
        booking = await uow.bookings.get(UUID(effect.payload["booking_id"]))
    except BookingNotFoundError:
        return False
    return ports.clock() < booking.pickup_at
