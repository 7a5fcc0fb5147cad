"""A leg's window, by New York's clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import PICKUP_AT, a_booking
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.drive_window import DriveWindow, drive_window

TERMS = MemoryHouse().terms
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WINDOW = DriveWindow(PICKUP_AT, PICKUP_AT + HOUR)


def booking_at(on: date, at: time, *, hours: int = 2) -> Booking:
    booking = a_booking()
    request = replace(booking.quote.request, pickup_date=on, pickup_time=at)
    quote = replace(booking.quote, request=request, estimated_hours=hours)
    return replace(booking, quote=quote, pickup_at=TERMS.pickup_at(on, at))


@pytest.mark.parametrize(
    ("on", "at", "hours", "pickup", "ends"),
    [
        (date(2026, 12, 1), time(9), 2, datetime(2026, 12, 1, 14, tzinfo=UTC), (18, 0)),
        (date(2026, 7, 1), time(9), 2, datetime(2026, 7, 1, 13, tzinfo=UTC), (17, 0)),
        (date(2026, 12, 1), time(9, 10), 6, datetime(2026, 12, 1, 14, 10, tzinfo=UTC), (20, 30)),
        (date(2026, 12, 1), time(12), 9, datetime(2026, 12, 1, 17, tzinfo=UTC), (25, 0)),
    ],
)
def test_given_a_booking_when_driven_then_pickup_has_an_hour_and_dropoff_the_crews_time(
    on: date, at: time, hours: int, pickup: datetime, ends: tuple[int, int]
) -> None:
    booking = booking_at(on, at, hours=hours)

    legs = [drive_window(booking, leg, TERMS) for leg in Leg]

    midnight = datetime.combine(pickup.date(), time(), tzinfo=UTC)
    end_at = midnight + timedelta(hours=ends[0], minutes=ends[1])
    assert legs == [DriveWindow(pickup, pickup + HOUR), DriveWindow(pickup, end_at)]


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (PICKUP_AT - HOUR, WINDOW),
        (PICKUP_AT - MINUTE, WINDOW),
        (PICKUP_AT, DriveWindow(PICKUP_AT + MINUTE, PICKUP_AT + HOUR)),
        (PICKUP_AT + 45 * MINUTE, DriveWindow(PICKUP_AT + 46 * MINUTE, PICKUP_AT + 76 * MINUTE)),
        (PICKUP_AT + 59 * MINUTE, DriveWindow(PICKUP_AT + HOUR, PICKUP_AT + 90 * MINUTE)),
        (PICKUP_AT + HOUR, None),
    ],
)
def test_given_a_window_when_told_of_late_then_it_moves_forward_until_it_is_over(
    now: datetime, left: DriveWindow | None
) -> None:
    assert WINDOW.ahead_of(now) == left
