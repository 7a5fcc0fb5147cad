"""Staff take a payment for a payer, by telephone say: that is on record."""

from uuid import UUID

from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import StaffAct

HANDLED = "payment_handle"


async def handled_by_staff(
    booking_id: UUID, account: StaffAccount, ports: Ports, *, what: str
) -> None:
    """Put on record what a member of staff is about to do: `what`, as "began the payment".

    Raises:
        BookingNotFoundError: no booking has this id.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        act = StaffAct(
            id=ports.ids.new_id(),
            staff_name=account.username,
            staff_id=account.id,
            action_type=HANDLED,
            description=f"{what} of {booking.booking_number}",
            booking_id=booking.id,
            customer_id=booking.customer_id,
            created_at=ports.clock(),
        )
        await uow.staff_acts.add(act)
        await uow.commit()
