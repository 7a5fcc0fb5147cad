"""Take a person out of bookings that are over, and out of all that hangs on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.customers.erasure import (
    erased_booking,
    erased_payment,
    erased_quote,
    erased_refund,
)
from totetaxi_core.customers.traces import Person
from totetaxi_core.documents.file_removal import owe_removal
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.payment import Payment
from totetaxi_core.staff.chain_check import ERASED
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork


async def erase_bookings(
    bookings: Sequence[Booking], payments: Sequence[Payment], uow: UnitOfWork, *, at: datetime
) -> None:
    """Take the person out of bookings and their money, all locked; amounts and dates stay."""
    for payment in payments:
        await uow.payments.save(erased_payment(payment))
        reschedule = await uow.reschedules.of_payment(payment.id)
        if reschedule is not None:
            quote = erased_quote(reschedule.quote)
            await uow.reschedules.save(replace(reschedule, quote=quote))
    for booking in bookings:
        for refund in await uow.refunds.of_booking(booking.id):
            erased = erased_refund(refund)
            if erased is not refund:
                await uow.refunds.save(erased)
        await uow.bookings.save(erased_booking(booking, at=at))


async def owe_removals(
    bookings: Sequence[Booking], uow: UnitOfWork, ids: IdSource, *, at: datetime
) -> None:
    """Owe that their files go; what names them goes in this transaction."""
    for booking in bookings:
        for document in await uow.documents.of_booking(booking.id):
            await owe_removal(document, uow, ids, at=at)


async def erase_acts_about(
    person: Person, uow: UnitOfWork, ids: IdSource, *, by: str, why: str, at: datetime
) -> None:
    """Blank the values of acts; that each went goes on record, or the chain would not stand."""
    for position in await uow.traces.acts_about(person):
        erased = await uow.staff_acts.erase(position)
        await uow.staff_acts.add(
            StaffAct(
                id=ids.new_id(),
                staff_name=by,
                action_type=ERASED,
                description=f"erased the values of act {position}: {why}",
                booking_id=erased.act.booking_id,
                customer_id=erased.act.customer_id,
                created_at=at,
                subject=f"act:{erased.act.id}",
            )
        )
