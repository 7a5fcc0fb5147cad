from datetime import time

import pytest

from tests.builders import DEFAULT_BOOK
from tests.core.logistics.moving_day import VISITS, a_move, a_visit
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.catalog import ServiceType
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.driving import Drive, DrivingMatrix, Place, drives_between
from totetaxi_core.logistics.haul import haul_of
from totetaxi_core.pricing import SpecialtyChoice

PELOTON = SpecialtyChoice(id=DEFAULT_BOOK.specialty_items[0].id)


def place(zip_code: str, *, north: float = 0.0) -> Place:
    centre = DEFAULT_BOOK.points[zip_code]
    point = Point(latitude=centre.latitude + north, longitude=centre.longitude)
    return Place(point=point, zip_code=zip_code)


@pytest.mark.parametrize(
    ("start", "end", "least", "most"),
    [
        ("10021", "10022", 4, 12),  # across Midtown
        ("10021", "11201", 30, 45),  # to Brooklyn Heights
        ("11968", "11937", 25, 45),  # Southampton to East Hampton
        ("10021", "11937", 160, 200),  # Manhattan to East Hampton
    ],
)
def test_given_known_drives_when_estimated_then_they_take_about_what_they_take(
    start: str, end: str, least: int, most: int
) -> None:
    places = (place(start), place(end))

    [[stay, there], [back, _]] = drives_between(places, matrix=None, road_percent=130)

    assert least <= there.minutes <= most
    assert (stay, back) == (Drive(0), there)


def test_given_a_matrix_when_drives_are_looked_up_then_the_finest_names_win() -> None:
    door, other, far = place("10021", north=0.001), place("10021"), place("11937")
    matrix = DrivingMatrix(
        minutes={
            ("10021", "11937"): 170,
            ("11937", "10021"): 190,
            (door.names[0], "11937"): 160,
            (other.names[0], door.names[0]): 3,
        }
    )

    drives = drives_between((door, other, far), matrix=matrix, road_percent=130)

    minutes = [[drive.minutes for drive in row] for row in drives]
    assert minutes == [[0, 3, 160], [3, 0, 170], [160, 190, 0]]
    assert drives[0][2] == Drive(160, is_listed=True)


@pytest.mark.parametrize(
    ("booking", "pickup_minutes", "dropoff_minutes", "cubic_feet"),
    [
        (a_move(), 30, 30, 90),
        (a_move(item_count=4), 30, 30, 24),
        (a_move(package="standard", specialty_items=(PELOTON,)), 30, 30, 210),
        (a_move(package="full", specialty_items=(PELOTON,)), 30, 30, 480),
        (a_move(organizing_service_ids=(VISITS["petite-packing"],)), 270, 30, 90),
        (a_move(organizing_service_ids=(VISITS["petite-unpacking"],)), 30, 270, 90),
        (a_visit(visit="petite-packing", at=time(8)), 240, 0, 480),
        (
            a_move(
                service_type=ServiceType.STANDARD_DELIVERY,
                mini_move_package_id=None,
                specialty_items=(PELOTON,),
            ),
            30,
            30,
            30,
        ),
        (
            a_move(
                service_type=ServiceType.BLADE_DELIVERY,
                mini_move_package_id=None,
                blade_service_id=DEFAULT_BOOK.blade_services[0].id,
                total_weight_lb=101,
            ),
            30,
            30,
            18,
        ),
    ],
)
def test_given_a_booking_when_its_haul_is_told_then_doors_and_room_are_as_documented(
    booking: Booking, pickup_minutes: int, dropoff_minutes: int, cubic_feet: int
) -> None:
    haul = haul_of(booking, DEFAULT_BOOK, van_cubic_feet=480)

    assert (haul.pickup_minutes, haul.dropoff_minutes) == (pickup_minutes, dropoff_minutes)
    assert haul.cubic_feet == cubic_feet
    assert (haul.dropoff is None) == (booking.delivery_address is None)
