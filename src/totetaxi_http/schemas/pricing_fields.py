"""The fields a price depends on, as clients send them."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

import attrs

from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import QuoteRequest, SpecialtyChoice
from totetaxi_http.wire.constraints import Items, Text, Whole

UNPRICED_DATE = date(2026, 1, 1)
UNPRICED_TIME = time(9, 0)


@attrs.frozen(kw_only=True)
class SpecialtyItemFields:
    """So many pieces of one specialty item."""

    id: UUID
    quantity: Annotated[int, Whole(minimum=1, maximum=100)] = 1


@attrs.frozen(kw_only=True)
class UntimedFields:
    """What the price depends on, less where and the time of day. Dates are New York's."""

    service_type: ServiceType
    pickup_date: date
    mini_move_package_id: UUID | None = None
    organizing_service_id: UUID | None = None
    organizing_service_ids: Annotated[tuple[UUID, ...], Items(max_length=10)] = ()
    blade_service_id: UUID | None = None
    item_count: Annotated[int, Whole(minimum=1, maximum=10_000)] | None = None
    specialty_items: Annotated[tuple[SpecialtyItemFields, ...], Items(max_length=50)] = ()
    include_packing: bool = False
    include_unpacking: bool = False
    coi_required: bool = False
    same_day: bool = False
    total_weight_lb: Annotated[int, Whole(minimum=1, maximum=100_000)] | None = None
    discount_code: Annotated[str, Text(max_length=50)] | None = None

    def quote_request(
        self, *, pickup_time: time, pickup_zip: str, delivery_zip: str | None
    ) -> QuoteRequest:
        """Return the domain's request; of two spellings of organizing the single one counts."""
        single = self.organizing_service_id
        return QuoteRequest(
            service_type=self.service_type,
            pickup_date=self.pickup_date,
            pickup_time=pickup_time,
            pickup_zip=pickup_zip,
            delivery_zip=delivery_zip,
            mini_move_package_id=self.mini_move_package_id,
            organizing_service_ids=self.organizing_service_ids if single is None else (single,),
            blade_service_id=self.blade_service_id,
            item_count=self.item_count,
            specialty_items=tuple(
                [
                    SpecialtyChoice(id=item.id, quantity=item.quantity)
                    for item in self.specialty_items
                ]
            ),
            include_packing=self.include_packing,
            include_unpacking=self.include_unpacking,
            coi_required=self.coi_required,
            same_day=self.same_day,
            total_weight_lb=self.total_weight_lb,
            discount_code=self.discount_code,
        )


@attrs.frozen(kw_only=True)
class PricingFields(UntimedFields):
    """What the price depends on, less where. Dates and times are New York's."""

    pickup_time: time

    def to_quote_request(self, *, pickup_zip: str, delivery_zip: str | None) -> QuoteRequest:
        """Return the domain's request."""
        return self.quote_request(
            pickup_time=self.pickup_time, pickup_zip=pickup_zip, delivery_zip=delivery_zip
        )


def request_of(
    fields: Mapping[str, Any], *, pickup_zip: str, delivery_zip: str | None
) -> QuoteRequest:
    """Return the request of the pricing fields that are there; `service_type` must be."""
    known = {field.name for field in attrs.fields(UntimedFields)} & fields.keys()
    unpriced: Mapping[str, Any] = {"pickup_date": UNPRICED_DATE}
    sent = UntimedFields(**{**unpriced, **{name: fields[name] for name in known}})
    return sent.quote_request(
        pickup_time=fields.get("pickup_time") or UNPRICED_TIME,
        pickup_zip=pickup_zip,
        delivery_zip=delivery_zip,
    )
