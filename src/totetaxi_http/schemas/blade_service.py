"""Helicopter services, as the staff who manage them read and change them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Self
from uuid import UUID

import attrs

from totetaxi_core.catalog import BladeService
from totetaxi_core.catalog.mini_move_package import MAX_HOURS
from totetaxi_core.document import MAX_TEXT, MAX_WHOLE
from totetaxi_core.price_book.slug import slug_of
from totetaxi_http.schemas.catalog import BladeServiceResponse
from totetaxi_http.schemas.price_book_entry import SEEN, Reason, SeenVersion
from totetaxi_http.wire.constraints import Text, Whole

USUAL_WEIGHT_LB: Final = 500
"""What a helicopter takes unless said: the first service's limit."""
MAX_AIRCRAFT: Final = 50
MAX_NAME: Final = 100

Name = Annotated[str, Text(max_length=MAX_NAME)]
Words = Annotated[str, Text(max_length=MAX_TEXT, min_length=0, multiline=True)]
Aircraft = Annotated[str, Text(max_length=MAX_AIRCRAFT)]
Slug = Annotated[str, Text(max_length=MAX_TEXT)]
Cents = Annotated[int, Whole(minimum=0, maximum=MAX_WHOLE)]
Pounds = Annotated[int, Whole(minimum=1, maximum=MAX_WHOLE)]
Hours = Annotated[int, Whole(minimum=1, maximum=MAX_HOURS)]
Order = Annotated[int, Whole(minimum=0, maximum=MAX_WHOLE)]


@attrs.frozen(kw_only=True)
class NewBladeServiceBody:
    """A service to offer. Without a `slug` it gets one from its name."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "name": "Manhattan to Montauk",
        "description": "Helicopter delivery to Montauk.",
        "aircraft_type": "Bell 407",
        "max_weight_lb": 400,
        "price_per_mile_cents": 2_700,
        "minimum_price_cents": 60_000,
        "reason": "A new landing place",
    }

    name: Name
    description: Words = ""
    aircraft_type: Aircraft
    max_weight_lb: Pounds = USUAL_WEIGHT_LB
    price_per_mile_cents: Cents
    minimum_price_cents: Cents
    estimated_hours: Hours | None = None
    slug: Slug | None = None
    is_active: bool = True
    sort_order: Order | None = None
    reason: Reason = ""
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)

    def to_entry(self) -> dict[str, Any]:
        return {"slug": self.slug or slug_of(self.name) or self.name} | _stated(self)

    def to_reason(self) -> str:
        return self.reason or f"New helicopter service: {self.name}"


@attrs.frozen(kw_only=True)
class BladeServiceChangesBody:
    """What is to be otherwise; what is left out, or null, stays."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "price_per_mile_cents": 2_800,
        "reason": "Fuel costs more",
        "based_on": 3,
    }

    name: Name | None = None
    description: Words | None = None
    aircraft_type: Aircraft | None = None
    max_weight_lb: Pounds | None = None
    price_per_mile_cents: Cents | None = None
    minimum_price_cents: Cents | None = None
    estimated_hours: Hours | None = None
    slug: Slug | None = None
    is_active: bool | None = None
    sort_order: Order | None = None
    reason: Reason = ""
    based_on: SeenVersion | None = attrs.field(default=None, metadata=SEEN)

    def to_changes(self) -> dict[str, Any]:
        return _stated(self)

    def to_reason(self) -> str:
        return self.reason or "Changed a helicopter service"


@attrs.frozen(kw_only=True)
class StaffBladeServiceResponse:
    """Bags by helicopter, priced by the mile; `is_active` false is retired."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **BladeServiceResponse.EXAMPLE,
        "is_active": True,
        "price_book_version": 3,
    }

    id: UUID
    slug: str
    name: str
    description: str
    aircraft_type: str
    max_weight_lb: int
    price_per_mile_cents: int
    price_per_mile_dollars: str
    minimum_price_cents: int
    minimum_price_dollars: str
    estimated_hours: int
    sort_order: int
    is_active: bool
    price_book_version: int

    @classmethod
    def of(cls, service: BladeService, *, version: int) -> Self:
        shown = attrs.asdict(BladeServiceResponse.of(service))
        return cls(**shown, is_active=service.is_active, price_book_version=version)


def _stated(body: NewBladeServiceBody | BladeServiceChangesBody) -> dict[str, Any]:
    """Return the fields of the service that the body states."""
    sent: dict[str, Any] = attrs.asdict(body)
    return {
        name: value
        for name, value in sent.items()
        if value is not None and name not in ("reason", "based_on")
    }
