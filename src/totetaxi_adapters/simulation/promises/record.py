"""Every staff act is on record, in the transaction of what was done, in a chain nobody edits."""

from collections.abc import Iterator

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.simulation.promises.books import BookingBooks
from totetaxi_core.bookings.booking import SELF_SERVICE
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.payments.refund import STRIPE, SYSTEM
from totetaxi_core.staff.act_chain import is_as_recorded
from totetaxi_core.staff.act_link import ChainHead


def staff_acts_are_on_record(books: BookingBooks) -> Iterator[str]:
    booking = books.booking
    by_whom_and_when = {(act.staff_name, act.created_at) for act in books.acts}
    if booking.is_by_staff and ((booking.placed_by, booking.created_at) not in by_whom_and_when):
        yield f"{booking.placed_by} booked it, which is not on record"
    for each in books.reschedules:
        asked = (each.requested_by, each.created_at)
        if each.requested_by not in SELF_SERVICE and asked not in by_whom_and_when:
            yield f"{each.requested_by} held another slot for it, which is not on record"
    by_staff = booking.cancellation_reason is CancellationReason.STAFF
    if by_staff and booking.cancelled_at not in {act.created_at for act in books.acts}:
        yield "staff cancelled it, which is not on record"
    for refund in books.refunds:
        by = refund.requested_by
        if by not in (SYSTEM, STRIPE) and not any(act.staff_name == by for act in books.acts):
            yield f"{by} asked for {refund.amount_cents} cents back, which is not on record"


def the_chain_holds(database: MemoryDatabase) -> Iterator[str]:
    head = ChainHead()
    for position in sorted(database.staff_acts.rows):
        recorded = database.staff_acts.rows[position]
        follows = (recorded.link.position, recorded.link.previous_digest)
        if follows != (head.position + 1, head.digest) or not is_as_recorded(recorded):
            yield f"the record of staff acts breaks at act {position}"
        head = recorded.link.head
