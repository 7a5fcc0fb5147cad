"""A street address as clients send and see it."""

from typing import Annotated, Self

import attrs

from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.constraints import Real, Text
from totetaxi_http.wire.postal import StateCode, ZipCode

Latitude = Annotated[float, Real(minimum=-90, maximum=90)]
Longitude = Annotated[float, Real(minimum=-180, maximum=180)]


@attrs.frozen(kw_only=True)
class AddressFields:
    """Where a driver calls. The point, if given, guides the driver, never the price."""

    address_line_1: Annotated[str, Text(max_length=255)]
    address_line_2: Annotated[str, Text(max_length=255, min_length=0)] = ""
    city: Annotated[str, Text(max_length=100)]
    state: StateCode
    zip_code: ZipCode
    delivery_instructions: Annotated[str, Text(max_length=1_000, min_length=0, multiline=True)] = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def to_address(self, field: str) -> Address:
        """Return the domain's address; `field` is where this one stands in the body.

        Raises:
            InvalidInputError: only one of latitude and longitude was given.
        """
        if (self.latitude is None) is not (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            fault = FieldFault(
                field=f"{field}.{missing}", code="missing", message="a point needs both numbers"
            )
            raise InvalidInputError([fault])
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
