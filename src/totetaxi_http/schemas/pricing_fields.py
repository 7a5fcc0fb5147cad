"""The fields a price depends on, as clients send them."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

import attrs

from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import QuoteRequest, SpecialtyChoice
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.constraints import Items, Text, Whole

UNPRICED_DATE = date(2026, 1, 1)
UNPRICED_TIME = time(9, 0)


@attrs.frozen(kw_only=True)
class SpecialtyItemFields:
    """So many pieces of one specialty item."""

    id: UUID
    quantity: Annotated[int, Whole(minimum=1, maximum=100)] = 1


@attrs.frozen(kw_only=True)
class PricingFields:
    """What the price depends on, less where. Dates and times are New York's."""

    service_type: ServiceType
    pickup_date: date
    pickup_time: time
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

    def to_quote_request(self, *, pickup_zip: str, delivery_zip: str | None) -> QuoteRequest:
        """Return the domain's request.

        Raises:
            InvalidInputError: both spellings of the organizing services were sent.
        """
        if self.organizing_service_id is not None and self.organizing_service_ids:
            raise InvalidInputError([_BOTH_SPELLINGS])
        return request_of(
            {field.name: getattr(self, field.name) for field in attrs.fields(PricingFields)},
            pickup_zip=pickup_zip,
            delivery_zip=delivery_zip,
        )


_BOTH_SPELLINGS = FieldFault(
    field="organizing_service_id",
    code="conflicting",
    message="send organizing_service_id or organizing_service_ids, not both",
)


def request_of(
    fields: Mapping[str, Any], *, pickup_zip: str, delivery_zip: str | None
) -> QuoteRequest:
    """Return the request of the pricing fields that are there; `service_type` must be."""
    single = fields.get("organizing_service_id")
    return QuoteRequest(
        service_type=fields["service_type"],
        pickup_date=fields.get("pickup_date", UNPRICED_DATE),
        pickup_time=fields.get("pickup_time", UNPRICED_TIME),
        pickup_zip=pickup_zip,
        delivery_zip=delivery_zip,
        mini_move_package_id=fields.get("mini_move_package_id"),
        organizing_service_ids=(
            (single,) if single is not None else fields.get("organizing_service_ids", ())
        ),
        blade_service_id=fields.get("blade_service_id"),
        item_count=fields.get("item_count"),
        specialty_items=tuple(
            SpecialtyChoice(id=item.id, quantity=item.quantity)
            for item in fields.get("specialty_items", ())
        ),
        include_packing=fields.get("include_packing", False),
        include_unpacking=fields.get("include_unpacking", False),
        coi_required=fields.get("coi_required", False),
        same_day=fields.get("same_day", False),
        total_weight_lb=fields.get("total_weight_lb"),
        discount_code=fields.get("discount_code"),
    )
