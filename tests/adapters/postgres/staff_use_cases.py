"""Staff who work on a raced booking: each by a name of their own."""

from tests.adapters.postgres.raced_world import World
from tests.core.bookings.memory_house import by_staff
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.write_note import write_note
from totetaxi_core.payments.decide_refund import (
    RefundRequest,
    approve_refund,
    reject_refund,
    request_refund,
)
from totetaxi_core.payments.refund import RefundStatus


async def take_cash(world: World, number: int) -> object:
    change = by_staff(world.booking, name=f"ann{number}")
    return await confirm_in_cash(change, world.ports, world.house.terms)


async def start(world: World, number: int) -> object:
    change = by_staff(world.booking, name=f"ann{number}")
    return await start_booking(change, world.ports, world.house.terms)


async def complete(world: World, number: int) -> object:
    change = by_staff(world.booking, name=f"ann{number}")
    return await complete_booking(change, world.ports, world.house.terms)


async def note(world: World, number: int) -> object:
    return await write_note(world.booking.id, "no elevator", world.ports, staff_name=f"ann{number}")


async def request(world: World, number: int) -> object:
    """Ask for all that is left."""
    asked = RefundRequest(reason="late")
    return await request_refund(world.booking.id, asked, world.ports, staff_name=f"ann{number}")


async def approve(world: World, _number: int) -> object:
    waiting = world.refund_ids[RefundStatus.REQUESTED]
    return await approve_refund(waiting, world.ports, staff_name="lou")


async def reject(world: World, _number: int) -> object:
    waiting = world.refund_ids[RefundStatus.REQUESTED]
    return await reject_refund(waiting, world.ports, staff_name="lou")
