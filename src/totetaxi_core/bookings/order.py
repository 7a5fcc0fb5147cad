"""What a guest, an account holder, or staff for either, asks us to book."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import GUEST, SELF_SERVICE
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.geography.address import Address
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.scheduling.schedule_override import ScheduleOverride


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`request` carries the ZIPs of the two addresses; organizing_only has no delivery address.

    `customer_id` is the account it goes into. A saved address's id says where the address beside
    it is from: its use is counted with the booking. `saves_…_address` keeps the address in the
    account. `payment_method_id` is the card to charge, once the booking is stored.
    `placed_by` is `guest`, `customer` or the name of a member of staff, who alone may bring an
    `override`. `wants_intent` asks for the payment intent together with the booking.
    """

    request: QuoteRequest
    contact: Contact
    pickup_address: Address
    delivery_address: Address | None = None
    customer_id: UUID | None = None
    saved_pickup_address_id: UUID | None = None
    saved_delivery_address_id: UUID | None = None
    saves_pickup_address: bool = False
    saves_delivery_address: bool = False
    payment_method_id: UUID | None = None
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
        return self.placed_by not in SELF_SERVICE
