"""What a letter about a booking is about, as it is read when the letter is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.customers.customer import Customer
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.refund import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """`facts` are what the letter's effect carries; `now` is an aware instant.

    `refund` is of all that goes back by one cause, `account` the one the booking is in, if any,
    `task` the drive that began or ended.
    """

    booking: Booking
    now: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    refund: Refund | None = None
    dispute: Dispute | None = None
    task: CourierTask | None = None
    account: Customer | None = None

    @property
    def cash_cents(self) -> int:
        """What staff hand back in cash."""
        return int(self.facts.get("cash_cents", "0"))
