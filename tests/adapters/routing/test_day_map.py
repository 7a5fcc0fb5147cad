import re
from dataclasses import replace
from datetime import time
from xml.etree import ElementTree as ET

import pytest

from tests.core.bookings.memory_house import NEW_YORK, a_house
from tests.core.logistics.moving_day import a_move, a_visit, planned
from totetaxi_adapters.routing.day_map import day_map
from totetaxi_adapters.routing.day_page import day_page
from totetaxi_adapters.routing.map_frame import Box, Frame, neighbourhoods
from totetaxi_adapters.routing.map_marks import HEIGHT, WIDTH
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.day_plan import DayPlan

SVG = "{http://www.w3.org/2000/svg}"
ROGUE = "<b>&\"'\x07 Hampton"


@pytest.fixture
async def plan() -> DayPlan:
    """Three crews with moves and a visit, and a booking to a place nobody knows."""
    rogue = a_move(at=time(9), package="full")
    town = replace(rogue.pickup_address, city=ROGUE, zip_code="11937")
    return await planned(
        await a_house(),
        a_move(at=time(8)),
        a_move(at=time(8, 45)),
        replace(rogue, delivery_address=town),
        a_visit(at=time(9), visit="petite-packing"),
        replace(a_move(), delivery_address=replace(town, zip_code="99999")),
    )


def texts(drawing: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in drawing.iter(f"{SVG}text")]


def test_given_a_plan_when_drawn_then_each_stop_is_marked_once_and_told_once(
    plan: DayPlan,
) -> None:
    drawing = ET.fromstring(day_map(plan, NEW_YORK))  # noqa: S314  our own drawing

    said = texts(drawing)
    labels = sorted(one for one in said if re.fullmatch(r"\d+\.\d+", one))
    made = sorted(
        f"{route.crew}.{number}"
        for route in plan.routes
        for number, _ in enumerate(route.stops, start=1)
    )
    assert labels == made
    for label in made:
        assert sum(one.startswith(f"{label} ") for one in said) == 1
    assert sum("no point on the map is known" in one for one in said) == len(plan.unplanned) == 1
    assert "Day plan for Tuesday, December 1, 2026" in said


def test_given_a_plan_when_drawn_then_marks_lie_on_the_paper_and_none_upon_another(
    plan: DayPlan,
) -> None:
    drawing = ET.fromstring(day_map(plan, NEW_YORK))  # noqa: S314  our own drawing

    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    marks = [
        (float(one.attrib["x"]), float(one.attrib["y"]))
        for one in drawing.iter(f"{SVG}rect")
        if one.attrib.get("stroke-width") == "1.5"
    ]
    assert len(marks) == sum(len(route.stops) for route in plan.routes)
    assert all(0 <= x <= width - WIDTH and 0 <= y <= height - HEIGHT for x, y in marks)
    for number, (x, y) in enumerate(marks):
        for other_x, other_y in marks[:number]:
            assert abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT


def test_given_a_town_s_name_that_is_markup_when_shown_then_it_is_words(plan: DayPlan) -> None:
    page = day_page(plan, NEW_YORK)

    assert "<b>" not in page
    assert "\x07" not in page
    assert "&lt;b&gt;&amp;&quot;&#x27; Hampton" in page


def test_given_a_page_when_opened_then_nothing_is_fetched_and_every_booking_is_in_it(
    plan: DayPlan,
) -> None:
    page = day_page(plan, NEW_YORK)

    assert re.findall(r"(?:src|href|url|@import)[=(]", page) == ["url("] * page.count("url(#clip")
    assert "default-src 'none'" in page
    for one in plan.unplanned:
        assert one.booking.booking_number in page
    for route in plan.routes:
        for stop in route.stops:
            assert page.count(stop.booking.booking_number) >= 2


async def test_given_nothing_to_drive_when_drawn_then_it_is_said_on_a_sound_picture() -> None:
    plan = await planned(await a_house())

    drawing = ET.fromstring(day_map(plan, NEW_YORK))  # noqa: S314  our own drawing

    assert any(one.startswith("0 bookings on 0 of 3 crews") for one in texts(drawing))


def test_given_points_when_framed_then_north_is_up_and_all_are_inside() -> None:
    box = Box(10, 20, 300, 100)
    south_west, north_east = (
        Point(latitude=40.5, longitude=-74.0),
        Point(latitude=41.0, longitude=-72.0),
    )

    frame = Frame.around([south_west, north_east], box)

    low, high = frame.spot(south_west), frame.spot(north_east)
    assert box.holds(low)
    assert box.holds(high)
    assert low.x < high.x
    assert low.y > high.y
    assert neighbourhoods([north_east, south_west]) == [[south_west], [north_east]]
