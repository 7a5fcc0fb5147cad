"""What a booking asks of the crew that drives it: where, how long, how much room.

Source: docs/dispatch.md, "The day plan".
"""

from dataclasses import dataclass
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.catalog import OrganizingService, ServiceType
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point, tenths_of_mile
from totetaxi_core.geography.zip_code import FIVE
from totetaxi_core.logistics.driving import Place
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import QuoteRequest

PIECE_CUBIC_FEET: Final = 6
SPECIALTY_CUBIC_FEET: Final = 30
PIECE_LB: Final = 50
DOOR_MINUTES_PER_HOUR: Final = 15
"""Half of a move's hours is for the drive; the rest is shared by its two doors."""
ASTRAY_TENTHS: Final = 250


class UnknownPlaceError(Exception):
    """Neither the address nor the price book has a point to drive to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """`dropoff` is None where all is done at one place; `cubic_feet` is for the whole way."""

    booking: Booking
    pickup: Place
    pickup_minutes: int
    cubic_feet: int
    dropoff: Place | None = None
    dropoff_minutes: int = 0

    @property
    def places(self) -> tuple[Place, ...]:
        return (self.pickup,) if self.dropoff is None else (self.pickup, self.dropoff)


def haul_of(booking: Booking, book: PriceBook, *, van_cubic_feet: int) -> Haul:
    """Return what it asks, by the book it was priced with.

    Raises:
        UnknownPlaceError: there is no point to drive to.
    """
    at_pickup, at_dropoff = _minutes(booking, book)
    to = booking.delivery_address
    return Haul(
        booking=booking,
        pickup=place_of(booking.pickup_address, book),
        pickup_minutes=at_pickup,
        cubic_feet=cubic_feet(booking.quote.request, book, van_cubic_feet=van_cubic_feet),
        dropoff=None if to is None else place_of(to, book),
        dropoff_minutes=at_dropoff,
    )


def place_of(address: Address, book: PriceBook) -> Place:
    """Return the address's own point, or that of its ZIP where it has none or one far astray.

    Raises:
        UnknownPlaceError: it has neither.
    """
    zip_code = address.zip_code[:FIVE]
    centre = book.points.get(zip_code)
    point = address.point or centre
    if point is None:
        raise UnknownPlaceError(zip_code)
    if centre is not None and tenths_of_mile(point, centre) > ASTRAY_TENTHS:
        point = centre
    # Whole numbers of a fifth digit: a yard, and the same text wherever it is named.
    rounded = Point(latitude=round(point.latitude, 5), longitude=round(point.longitude, 5))
    return Place(point=rounded, zip_code=zip_code)


def cubic_feet(request: QuoteRequest, book: PriceBook, *, van_cubic_feet: int) -> int:
    """Return the room it takes.

    A package without any limit has the van to itself, and so has a visit while it lasts: nobody's
    things wait in the van meanwhile.
    """
    specialty = sum(request.specialty_quantities.values()) * SPECIALTY_CUBIC_FEET
    match request.service_type:
        case ServiceType.ORGANIZING_ONLY:
            return van_cubic_feet
        case ServiceType.BLADE_DELIVERY:
            pieces = -(-(request.total_weight_lb or 0) // PIECE_LB)
            return pieces * PIECE_CUBIC_FEET
        case ServiceType.STANDARD_DELIVERY:
            unsaid = 0 if specialty else book.standard_delivery.minimum_items
            pieces = unsaid if request.item_count is None else request.item_count
            return pieces * PIECE_CUBIC_FEET + specialty
        case ServiceType.MINI_MOVE:
            room = _package_room(request, book)
            return van_cubic_feet if room is None else room + specialty


def _package_room(request: QuoteRequest, book: PriceBook) -> int | None:
    packages = (one for one in book.mini_move_packages if one.id == request.mini_move_package_id)
    package = next(packages, None)
    if package is None or (package.max_items or package.estimated_volume_cubic_feet) is None:
        return None
    if request.item_count is not None:
        return request.item_count * PIECE_CUBIC_FEET
    if package.estimated_volume_cubic_feet is not None:
        return package.estimated_volume_cubic_feet
    return (package.max_items or 0) * PIECE_CUBIC_FEET


def _minutes(booking: Booking, book: PriceBook) -> tuple[int, int]:
    """Return how long the crew is busy at the pickup, and at the drop-off."""
    hours = booking.quote.estimated_hours
    if booking.delivery_address is None:
        return hours * 60, 0
    chosen = booking.quote.request.organizing_service_ids
    visits = [one for one in book.organizing_services if one.id in chosen]
    door = max(0, hours - sum(one.estimated_hours for one in visits)) * DOOR_MINUTES_PER_HOUR
    return door + _visit_minutes(visits, is_packing=True), door + _visit_minutes(
        visits, is_packing=False
    )


def _visit_minutes(visits: list[OrganizingService], *, is_packing: bool) -> int:
    return sum(one.estimated_hours * 60 for one in visits if one.is_packing is is_packing)
