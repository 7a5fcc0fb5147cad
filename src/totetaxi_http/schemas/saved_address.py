"""Addresses a customer keeps, as they send and see them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs
from litestar.datastructures import State

from totetaxi_core.customers.saved_address import LONGEST_NICKNAME, AddressEntry, SavedAddress
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.zip_code import five_digits
from totetaxi_core.price_book import PriceBook
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.address import AddressFields, Latitude, Longitude
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.postal import StateCode, ZipCode

Nickname = Annotated[str, Text(max_length=LONGEST_NICKNAME)]
POINT = ("latitude", "longitude")


@attrs.frozen(kw_only=True)
class SavedAddressBody(AddressFields):
    """An address to keep. `is_default` takes the place of the default there was."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "nickname": "Home",
        **AddressFields.EXAMPLE,
        "is_default": True,
    }

    nickname: Nickname
    is_default: bool = False

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        """Yield a fault for half a point."""
        del state
        return half_point_faults(good)

    def to_entry(self) -> AddressEntry:
        """Return what is to be kept.

        Raises:
            InvalidInputError: half a point.
        """
        refuse_half_point(self)
        return AddressEntry(
            nickname=self.nickname, address=self.to_address(), is_default=self.is_default
        )


@attrs.frozen(kw_only=True)
class SavedAddressChanges:
    """What is left out, or null, stays; but another street without a point drops the point."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"nickname": "Office", "is_default": False}

    nickname: Nickname | None = None
    address_line_1: Annotated[str, Text(max_length=255)] | None = None
    address_line_2: Annotated[str, Text(max_length=255, min_length=0)] | None = None
    city: Annotated[str, Text(max_length=100)] | None = None
    state: StateCode | None = None
    zip_code: ZipCode | None = None
    delivery_instructions: (
        Annotated[str, Text(max_length=1_000, min_length=0, multiline=True)] | None
    ) = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    is_default: bool | None = None

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]:
        """Yield a fault for half a point."""
        del state
        return half_point_faults(good)

    def applied_to(self, entry: AddressEntry) -> AddressEntry:
        """Return the entry with what was sent."""
        said = {
            field.name: value
            for field in attrs.fields(AddressFields)
            if (value := getattr(self, field.name)) is not None
        }
        fields = attrs.evolve(AddressFields.from_address(entry.address), **said)
        return AddressEntry(
            nickname=entry.nickname if self.nickname is None else self.nickname,
            address=self._pointed(fields, entry.address),
            is_default=entry.is_default if self.is_default is None else self.is_default,
        )

    def _pointed(self, fields: AddressFields, before: Address) -> Address:
        address = fields.to_address()
        if self.latitude is None and address.door != before.door:
            # The old point would lead the driver to the old door.
            return attrs.evolve(fields, latitude=None, longitude=None).to_address()
        return address


@attrs.frozen(kw_only=True)
class SavedAddressResponse(AddressFields):
    """An address kept.

    `times_used` counts the bookings made with it. One that is not `is_served` is kept all the same;
    no price is told for it as long as the service area does not reach it.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "6f1c2d3e-4a5b-4c6d-8e7f-9a0b1c2d3e4f",
        "nickname": "Home",
        **AddressFields.EXAMPLE,
        "formatted_address": "350 5th Ave, Apt 21, New York, NY 10001",
        "is_default": True,
        "is_served": True,
        "times_used": 2,
        "last_used_at": "2026-11-25T15:02:00Z",
        "created_at": "2026-01-05T14:10:00Z",
        "updated_at": "2026-01-05T14:10:00Z",
    }

    id: UUID
    nickname: str
    formatted_address: str
    is_default: bool
    is_served: bool
    times_used: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_saved(cls, saved: SavedAddress, book: PriceBook) -> Self:
        """Show the address; whether it is served, the book tells."""
        fields = attrs.asdict(AddressFields.from_address(saved.address))
        digits = five_digits(saved.address.zip_code)
        return cls(
            **fields,
            id=saved.id,
            nickname=saved.nickname,
            formatted_address=saved.address.formatted,
            is_default=saved.is_default,
            is_served=digits is not None and book.zone_of(digits) is not None,
            times_used=saved.times_used,
            last_used_at=saved.last_used_at,
            created_at=saved.created_at,
            updated_at=saved.updated_at,
        )


def half_point_faults(good: Mapping[str, object]) -> Iterator[FieldFault]:
    """Yield a fault for a point of which one number is there."""
    missing = [name for name in POINT if name in good and good[name] is None]
    if len(missing) == 1 and len(good.keys() & set(POINT)) == len(POINT):
        yield FieldFault(field=missing[0], code="missing", message="a point needs both numbers")


def refuse_half_point(body: SavedAddressBody | SavedAddressChanges) -> None:
    """Refuse a point of which one number is there.

    Raises:
        InvalidInputError: it names the other.
    """
    if faults := tuple(half_point_faults(attrs.asdict(body))):
        raise InvalidInputError(faults)
