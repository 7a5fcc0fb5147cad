"""The body of a guest's booking."""

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.guest_order import GUEST, GuestOrder
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.refusal import FieldFault
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.contradictions import contradictions, refuse_contradictions
from totetaxi_http.schemas.pricing_fields import PricingFields
from totetaxi_http.schemas.rule_faults import pickup_rule_faults, pricing_rule_faults
from totetaxi_http.wire.constraints import Text, Whole
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
class GuestBookingBody(PricingFields):
    """A booking without an account. organizing_only has the pickup address alone."""

    EXAMPLE: ClassVar[Mapping[str, object]] = EXAMPLE_BOOKING

    pickup_address: AddressFields
    delivery_address: AddressFields | None = None
    item_description: Annotated[str, Text(max_length=500, min_length=0, multiline=True)] = ""
    special_instructions: Annotated[str, Text(max_length=1_000, min_length=0, multiline=True)] = ""
    first_name: Annotated[str, Text(max_length=100)]
    last_name: Annotated[str, Text(max_length=100)]
    email: EmailAddress
    phone: PhoneNumber
    quote_token: Annotated[str, Text(max_length=1_000)] | None = None
    expected_total_cents: Annotated[int, Whole(minimum=0, maximum=1_000_000_000)] | None = None
    create_payment_intent: bool = True
    allow_duplicate: bool = False

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        yield from contradictions(good)
        yield from pickup_rule_faults(good, state)
        yield from pricing_rule_faults(cls, good, state)

    def to_order(
        self,
        *,
        idempotency_key: IdempotencyKey | None = None,
        placed_by: str = GUEST,
        override: ScheduleOverride | None = None,
    ) -> GuestOrder:
        """Return the domain's order.

        Raises:
            InvalidInputError: fields that do not go together.
        """
        refuse_contradictions(self)
        pickup = self.pickup_address.to_address()
        delivery = self.delivery_address.to_address() if self.delivery_address else None
        return GuestOrder(
            request=self.to_quote_request(
                pickup_zip=pickup.zip_code, delivery_zip=delivery.zip_code if delivery else None
            ),
            contact=self._contact(),
            pickup_address=pickup,
            delivery_address=delivery,
            item_description=self.item_description,
            special_instructions=self.special_instructions,
            quote_token=self.quote_token,
            expected_total_cents=self.expected_total_cents,
            allow_duplicate=self.allow_duplicate,
            wants_intent=self.create_payment_intent,
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
