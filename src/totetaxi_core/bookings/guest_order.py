"""What a guest, or staff for one, asks us to book."""

from dataclasses import dataclass

from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.geography.address import Address
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.scheduling.schedule_override import ScheduleOverride

GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestOrder:
    """`request` carries the ZIPs of the two addresses; organizing_only has no delivery address.

    `placed_by` is `guest` or the name of a member of staff, who alone may bring an `override`.
    `wants_intent` asks for the payment intent together with the booking.
    """

    request: QuoteRequest
    contact: Contact
    pickup_address: Address
    delivery_address: Address | None = None
    item_description: str = ""
    special_instructions: str = ""
    quote_token: str | None = None
    expected_total_cents: int | None = None
    allow_duplicate: bool = False
    wants_intent: bool = True
    idempotency_key: IdempotencyKey | None = None
    placed_by: str = GUEST
    override: ScheduleOverride | None = None

    @property
    def is_by_staff(self) -> bool:
        return self.placed_by != GUEST
