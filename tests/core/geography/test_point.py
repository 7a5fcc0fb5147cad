import pytest

from totetaxi_core import PriceBook
from totetaxi_core.geography.point import Point, tenths_of_mile

ORIGIN = Point(latitude=0, longitude=0)


@pytest.mark.parametrize(
    ("end", "tenths"),
    [
        (ORIGIN, 0),
        (Point(latitude=0, longitude=1), 691),  # 3,958.8 x pi / 180 = 69.0941
        (Point(latitude=0, longitude=180), 124_369),  # half way round: 12,436.94
        (Point(latitude=90, longitude=77), 62_185),  # a quarter: 6,218.47
        (Point(latitude=0, longitude=0.0005), 0),  # 0.0345 miles
        (Point(latitude=0, longitude=0.0008), 1),  # 0.0553 miles
    ],
)
def test_given_two_points_when_measured_then_tenths_of_a_mile_are_rounded_half_up(
    end: Point, tenths: int
) -> None:
    measured = tenths_of_mile(ORIGIN, end)

    assert measured == tenths


def test_given_manhattan_and_the_hamptons_when_measured_then_both_ways_are_as_long() -> None:
    points = PriceBook.default().points

    there = tenths_of_mile(points["10001"], points["11937"])
    back = tenths_of_mile(points["11937"], points["10001"])

    assert there == back
    assert 900 < there < 1_000
