"""Who asks to move a booking, and to when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from totetaxi_core.bookings.booking import CUSTOMER, Booking
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduling:
    """Who moves which booking to when: a member of staff by name, or (None) the customer.

    With a `customer_id`, only a booking of that account, which `payment_method_id` is a card of.
    `override` lifts notice rules, for staff alone. `seen_versions` are those the booking may have,
    None is any. The scope of the idempotency key is this booking's alone.
    """

    booking_id: UUID
    pickup_date: date
    pickup_time: time
    staff_name: str | None = None
    customer_id: UUID | None = None
    payment_method_id: UUID | None = None
    override: ScheduleOverride | None = None
    seen_versions: Collection[int] | None = None
    idempotency_key: IdempotencyKey | None = None

    @property
    def requested_by(self) -> str:
        return self.staff_name or CUSTOMER


async def asked_for(rescheduling: Rescheduling, uow: UnitOfWork, *, lock: bool = False) -> Booking:
    """Return the booking asked for.

    Raises:
        BookingNotFoundError: no booking has this id, or it is not in that account.
    """
    booking_id, customer_id = rescheduling.booking_id, rescheduling.customer_id
    if customer_id is None:
        return await uow.bookings.get(booking_id, lock=lock)
    return await booking_of_customer(booking_id, customer_id, uow, lock=lock)
