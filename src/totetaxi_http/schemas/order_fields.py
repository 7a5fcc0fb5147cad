"""What every booking's body has, whoever sends it: a guest, an account holder, or staff."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import time
from typing import Annotated, Any
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.bookings.booking import GUEST
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.geography.address import Address
from totetaxi_core.pricing import PriceAdjustment
from totetaxi_core.refusal import FieldFault
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.schemas.contradictions import contradictions
from totetaxi_http.schemas.pricing_fields import UntimedFields
from totetaxi_http.schemas.rule_faults import pickup_rule_faults, pricing_rule_faults
from totetaxi_http.wire.constraints import Text, Whole


@attrs.frozen(kw_only=True)
class OrderFields(UntimedFields):
    """What is booked. A subclass has the time of day, the addresses, and for whom."""

    item_description: Annotated[str, Text(max_length=500, min_length=0, multiline=True)] = ""
    special_instructions: Annotated[str, Text(max_length=1_000, min_length=0, multiline=True)] = ""
    quote_token: Annotated[str, Text(max_length=1_000)] | None = None
    expected_total_cents: Annotated[int, Whole(minimum=0, maximum=1_000_000_000)] | None = None
    create_payment_intent: bool = True
    allow_duplicate: bool = False

    @classmethod
    def rule_faults(cls, good: Mapping[str, Any], state: State) -> Iterable[FieldFault]:
        yield from contradictions(good)
        yield from pickup_rule_faults(good, state)
        yield from pricing_rule_faults(cls, good, state)

    def order(
        self,
        *,
        pickup_time: time,
        contact: Contact,
        pickup: Address,
        delivery: Address | None,
        placed_by: str = GUEST,
        customer_id: UUID | None = None,
        idempotency_key: IdempotencyKey | None = None,
        override: ScheduleOverride | None = None,
        adjustment: PriceAdjustment | None = None,
    ) -> Order:
        """Return the domain's order; only staff bring an `override` or an `adjustment`."""
        request = self.quote_request(
            pickup_time=pickup_time,
            pickup_zip=pickup.zip_code,
            delivery_zip=delivery.zip_code if delivery else None,
        )
        return Order(
            request=replace(request, adjustment=adjustment) if adjustment else request,
            contact=contact,
            pickup_address=pickup,
            delivery_address=delivery,
            customer_id=customer_id,
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
