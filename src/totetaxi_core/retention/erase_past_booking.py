"""Take the person out of one booking whose time is over."""

from typing import Final
from uuid import UUID

from totetaxi_core.customers.erase_history import erase_acts_about, erase_bookings, owe_removals
from totetaxi_core.customers.traces import Person
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.retention.retention_terms import Kept

WHY: Final = "the time for which its booking is kept is over"


async def erase_past_booking(
    booking_id: UUID, kind: Kept, ports: Ports, terms: Terms, *, by: str
) -> bool:
    """Erase what is personal in a booking, for ever; False where it is not past its time.

    What was booked, charged and paid back stays, and so does the account it is in.

    Raises:
        BookingNotFoundError: no booking has this id.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id, lock=True)
        # It may have changed since it was found: money is asked for under this lock.
        before = terms.retention.before(kind, now=now)
        if not await uow.kept.is_past(kind, booking.id, before=before):
            return False
        payments = await uow.payments.of_booking(booking.id, lock=True)
        email_key = booking.contact.email_key
        await erase_bookings((booking,), payments, uow, at=now)
        await owe_removals((booking,), uow, ports.ids, at=now)
        await uow.discount_uses.erase(email_key, pseudonym=terms.pseudonyms.of(email_key))
        person = Person(booking_ids=frozenset({booking.id}))
        await uow.traces.forget(person)
        await erase_acts_about(person, uow, ports.ids, by=by, why=WHY, at=now)
        await uow.commit()
    return True
