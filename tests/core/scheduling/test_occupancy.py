from datetime import time

import pytest

from totetaxi_core.scheduling.occupancy import half_hour_start, half_hours

DAY_END = time(20)


@pytest.mark.parametrize(
    ("pickup_time", "estimated_hours", "first", "last"),
    [
        (time(7), 1, time(7), time(7, 30)),
        (time(7, 10), 2, time(7), time(9)),
        (time(7, 30), 2, time(7, 30), time(9)),
        (time(7, 59), 1, time(7, 30), time(8, 30)),
        (time(12), 8, time(12), time(19, 30)),
        (time(12), 10, time(12), time(19, 30)),
        (time(7), 24, time(7), time(19, 30)),
    ],
)
def test_given_a_pickup_when_rounded_outward_then_these_half_hours_are_busy(
    pickup_time: time, estimated_hours: int, first: time, last: time
) -> None:
    busy = half_hours(pickup_time, estimated_hours, crew_day_ends_at=DAY_END)

    assert (half_hour_start(busy[0]), half_hour_start(busy[-1])) == (first, last)


@pytest.mark.parametrize(("pickup_time", "hours"), [(time(7), 0), (time(7), -1), (time(20), 1)])
def test_given_a_booking_that_would_occupy_nothing_when_asked_then_it_is_an_error(
    pickup_time: time, hours: int
) -> None:
    with pytest.raises(ValueError, match="occupies no crew"):
        half_hours(pickup_time, hours, crew_day_ends_at=DAY_END)
