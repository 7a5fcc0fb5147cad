"""A street address as clients send and see it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Self

import attrs

from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.refusal import FieldFault
from totetaxi_http.wire.constraints import Real, Text
from totetaxi_http.wire.postal import StateCode, ZipCode

Latitude = Annotated[float, Real(minimum=-90, maximum=90)]
Longitude = Annotated[float, Real(minimum=-180, maximum=180)]


@attrs.frozen(kw_only=True)
class AddressFields:
    """Where a driver calls. The point, if given, guides the driver, never the price."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "address_line_1": "350 5th Ave",
        "address_line_2": "Apt 21",
        "city": "New York",
        "state": "NY",
        "zip_code": "10001",
        "delivery_instructions": "",
        "latitude": None,
        "longitude": None,
    }

    address_line_1: Annotated[str, Text(max_length=255)]
    address_line_2: Annotated[str, Text(max_length=255, min_length=0)] = ""
    city: Annotated[str, Text(max_length=100)]
    state: StateCode
    zip_code: ZipCode
    delivery_instructions: Annotated[str, Text(max_length=1_000, min_length=0, multiline=True)] = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def point_faults(self, field: str) -> Iterator[FieldFault]:
        """Yield a fault for half a point; `field` is where this address stands in the body."""
        if (self.latitude is None) is not (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            message = "a point needs both numbers"
            yield FieldFault(field=f"{field}.{missing}", code="missing", message=message)

    def to_address(self) -> Address:
        """Return the domain's address; half a point is none."""
        return Address(
            address_line_1=self.address_line_1,
            address_line_2=self.address_line_2,
            city=self.city,
            state=self.state,
            zip_code=self.zip_code,
            delivery_instructions=self.delivery_instructions,
            point=self._point(),
        )

    def _point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(latitude=self.latitude, longitude=self.longitude)

    def without_what_guides_the_driver(self) -> Self:
        """Return the street address alone."""
        return attrs.evolve(self, delivery_instructions="", latitude=None, longitude=None)

    @classmethod
    def from_address(cls, address: Address) -> Self:
        point = address.point
        return cls(
            address_line_1=address.address_line_1,
            address_line_2=address.address_line_2,
            city=address.city,
            state=address.state,
            zip_code=address.zip_code,
            delivery_instructions=address.delivery_instructions,
            latitude=point.latitude if point else None,
            longitude=point.longitude if point else None,
        )


DELIVERY_ADDRESS: Mapping[str, object] = {
    **AddressFields.EXAMPLE,
    "address_line_1": "12 Main St",
    "address_line_2": "",
    "city": "East Hampton",
    "zip_code": "11937",
}
"""Where the example's move ends."""
