"""A member of staff moves a booking from one status to the next, and that goes on record."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.staff.staff_act import Facts, StaffAct

BOOKING_UPDATE = "booking_update"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """Who changes which booking, and why. `seen_versions` are those it may have; None is any."""

    booking_id: UUID
    staff_name: str
    notes: str = ""
    seen_versions: Collection[int] | None = None


def status_act(
    before: Booking, after: Booking, ids: IdSource, *, staff_name: str, said: str, notes: str = ""
) -> StaffAct:
    """Return the record of a change: what was `said` of it, why, and how the booking stood."""
    return StaffAct(
        id=ids.new_id(),
        staff_name=staff_name,
        action_type=BOOKING_UPDATE,
        description=f"{said}: {notes}" if notes else said,
        booking_id=after.id,
        customer_id=after.customer_id,
        created_at=after.updated_at,
        before=_facts(before),
        after=_facts(after),
    )


def _facts(booking: Booking) -> Facts:
    return {"status": booking.status.value, "version": booking.version}
