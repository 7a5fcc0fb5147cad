"""Staff have a message sent again, and let messages go to an address that has refused."""

from uuid import UUID

from totetaxi_core.notifications.deliver_message import owed_delivery, transport_of
from totetaxi_core.notifications.message import Channel, Message, MessageNotFoundError
from totetaxi_core.notifications.refused_address import (
    AddressNotRefusedError,
    AddressRefusedError,
    RefusedAddress,
)
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork


class NoTransportError(DomainError):
    """Nothing is named in the settings that could send it: messages stay in the database."""

    code = "no_message_transport"

    def __init__(self, channel: Channel) -> None:
        super().__init__(f"nothing that sends {channel} is named in the settings")


async def send_again(message_id: UUID, ports: Ports, *, staff_name: str) -> Message:
    """Queue a message that was refused, or may be lost; its addressee may get it twice.

    Raises:
        MessageNotFoundError: there is none, or no longer.
        MessageNotResendableError: it is neither refused nor unknown.
        AddressRefusedError: its address is among those that refuse.
        NoTransportError: nothing could send it.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        message = await uow.messages.find(message_id, lock=True)
        if message is None:
            raise MessageNotFoundError(message_id)
        queued = message.send_again()
        await _require_a_way(message, uow, ports)
        await uow.messages.save(queued)
        again = str(ports.ids.new_id())
        delivery = owed_delivery(message.id, channel=message.channel, at=now, again=again)
        await uow.outbox.owe(delivery)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="message_sent_again",
                description=f"had {message.kind} {message.id}, {message.state}, sent again",
                booking_id=message.booking_id,
                created_at=now,
                subject=f"message:{message.id}",
            )
        )
        await uow.commit()
    return queued


async def _require_a_way(message: Message, uow: UnitOfWork, ports: Ports) -> None:
    refused = await uow.refused_addresses.find(message.channel, message.to)
    if refused is not None:
        raise AddressRefusedError(refused.address, refused.reason)
    if transport_of(message.channel, ports) is None:
        raise NoTransportError(message.channel)


async def forget_refusal(
    address: str, ports: Ports, *, staff_name: str
) -> tuple[RefusedAddress, ...]:
    """Let messages go to an address again that has refused; return what was remembered of it.

    Raises:
        AddressNotRefusedError: it is not among them.
    """
    async with ports.unit_of_work() as uow:
        removed = await uow.refused_addresses.remove(address)
        if not removed:
            raise AddressNotRefusedError(address)
        for refused in removed:
            await uow.staff_acts.add(_allowed(refused, ports, staff_name=staff_name))
        await uow.commit()
    return removed


async def forget_one_refusal(refused_id: UUID, ports: Ports, *, staff_name: str) -> RefusedAddress:
    """Let messages go again to the address of one entry; return the entry.

    Raises:
        AddressNotRefusedError: there is no such entry.
    """
    async with ports.unit_of_work() as uow:
        removed = await uow.refused_addresses.remove_one(refused_id)
        if removed is None:
            raise AddressNotRefusedError(refused_id)
        await uow.staff_acts.add(_allowed(removed, ports, staff_name=staff_name))
        await uow.commit()
    return removed


def _allowed(refused: RefusedAddress, ports: Ports, *, staff_name: str) -> StaffAct:
    """Return the act; it names no address, which could not be erased with its person."""
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type="address_allowed",
        description=f"let messages go again by {refused.channel} to an address that had refused",
        booking_id=refused.booking_id,
        created_at=ports.clock(),
    )
