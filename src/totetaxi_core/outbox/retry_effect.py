"""Take up again what was given up."""

from uuid import UUID

from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct


class EffectNotFoundError(DomainError):
    """Nothing of this id was ever owed."""

    code = "effect_not_found"
    field = "effect_id"

    def __init__(self, effect_id: UUID) -> None:
        super().__init__(f"nothing owed has the id {effect_id}")


class EffectBusyError(DomainError):
    """Somebody is at it just now."""

    code = "effect_busy"
    field = "effect_id"

    def __init__(self, effect_id: UUID) -> None:
        super().__init__(f"{effect_id} is being worked on: look again in a minute")


async def retry_effect(effect_id: UUID, ports: Ports, *, staff_name: str) -> OwedEffect:
    """Make an effect that failed due again; the worker takes it up within seconds.

    Raises:
        EffectNotFoundError: nothing owed has this id.
        EffectBusyError: another transaction holds it.
        EffectNotFailedError: it is done, rests, or is retried anyway.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        if await uow.outbox.get(effect_id) is None:
            raise EffectNotFoundError(effect_id)
        effect = await uow.outbox.get(effect_id, lock=True)
        if effect is None:
            raise EffectBusyError(effect_id)
        reopened = effect.reopen(at=now)
        await uow.outbox.save(reopened)
        booking_id = effect.payload.get("booking_id")
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="effect_retried",
                description=f"had {effect.kind} {effect.id} tried again: {effect.last_error}",
                booking_id=UUID(booking_id) if booking_id else None,
                created_at=now,
            )
        )
        await uow.commit()
    return reopened
