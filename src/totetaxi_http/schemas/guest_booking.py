"""The body of a guest's booking."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, ClassVar

import attrs

from totetaxi_core.bookings.booking import GUEST
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.contradictions import refuse_contradictions
from totetaxi_http.schemas.order_fields import OrderFields
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.contact import EmailAddress, PhoneNumber

EXAMPLE_BOOKING: Mapping[str, object] = {
    "service_type": "mini_move",
    "mini_move_package_id": "b45a5a21-11e4-5f50-b1fc-cdeb07853098",
    "pickup_date": "2026-12-01",
    "pickup_time": "09:30",
    "pickup_address": {
        "address_line_1": "350 5th Ave",
        "address_line_2": "Apt 21",
        "city": "New York",
        "state": "NY",
        "zip_code": "10001",
    },
    "delivery_address": {
        "address_line_1": "12 Main St",
        "city": "East Hampton",
        "state": "NY",
        "zip_code": "11937",
    },
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+12127365000",
}


@attrs.frozen(kw_only=True)
class GuestBookingBody(OrderFields):
    """A booking without an account. organizing_only has the pickup address alone."""

    EXAMPLE: ClassVar[Mapping[str, object]] = EXAMPLE_BOOKING

    pickup_time: time
    pickup_address: AddressFields
    delivery_address: AddressFields | None = None
    first_name: Annotated[str, Text(max_length=100)]
    last_name: Annotated[str, Text(max_length=100)]
    email: EmailAddress
    phone: PhoneNumber

    def to_order(
        self,
        *,
        idempotency_key: IdempotencyKey | None = None,
        placed_by: str = GUEST,
        override: ScheduleOverride | None = None,
    ) -> Order:
        """Return the domain's order.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        refuse_contradictions(self)
        delivery = self.delivery_address
        return self.order(
            pickup_time=self.pickup_time,
            contact=self._contact(),
            pickup=self.pickup_address.to_address(),
            delivery=delivery.to_address() if delivery else None,
            idempotency_key=idempotency_key,
            placed_by=placed_by,
            override=override,
        )

    def _contact(self) -> Contact:
        return Contact(
            first_name=self.first_name,
            last_name=self.last_name,
            email=self.email,
            phone=self.phone,
        )
