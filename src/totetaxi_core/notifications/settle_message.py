"""Staff say of a message that was refused, or may be lost, how it ended."""

from uuid import UUID

from totetaxi_core.notifications.message import Message, MessageNotFoundError
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct


async def settle_message(
    message_id: UUID, ports: Ports, *, arrived: bool, staff_name: str
) -> Message:
    """Keep that it arrived, or that it shall not be sent any more; nothing is sent.

    Raises:
        MessageNotFoundError: there is none, or no longer.
        MessageNotOpenError: it is neither refused nor unknown.
    """
    now, outcome = ports.clock(), "arrived" if arrived else "is not sent any more"
    async with ports.unit_of_work() as uow:
        message = await uow.messages.find(message_id, lock=True)
        if message is None:
            raise MessageNotFoundError(message_id)
        settled = message.settle(arrived=arrived, why="given up by staff", at=now)
        await uow.messages.save(settled)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="message_settled",
                description=f"said that {message.kind} {message.id}, {message.state}, {outcome}",
                booking_id=message.booking_id,
                created_at=now,
                subject=f"message:{message.id}",
            )
        )
        await uow.commit()
    return settled
