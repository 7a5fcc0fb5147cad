"""Read one message at the desk."""

from uuid import UUID

from totetaxi_core.notifications.message import Message, MessageNotFoundError
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import CUSTOMER_READ, StaffAct


async def read_message(message_id: UUID, ports: Ports, *, staff_name: str) -> Message:
    """Return a message as it is kept, with a mark in place of a token: that it was read is kept.

    Raises:
        MessageNotFoundError: there is none, or no longer.
    """
    async with ports.unit_of_work() as uow:
        message = await uow.messages.find(message_id)
        if message is None:
            raise MessageNotFoundError(message_id)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type=CUSTOMER_READ,
                description=f"read {message.kind} {message.id}",
                booking_id=message.booking_id,
                created_at=ports.clock(),
                subject=f"message:{message.id}",
            )
        )
        await uow.commit()
    return message
