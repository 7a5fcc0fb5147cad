"""A day's plan in words, as the table, the map and the page have them."""

from datetime import datetime, tzinfo
from typing import Final

from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop, Unplanned
from totetaxi_core.scheduling.long_date import long_date

LEGS: Final = {Leg.PICKUP: "pickup", Leg.DROPOFF: "drop-off"}


def clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def duration(minutes: int) -> str:
    """Return `45 min`, `2 h` or `2 h 45 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def leg_word(stop: Stop) -> str:
    """Return what the crew does there; where all is done at one place, that is organizing."""
    return LEGS[stop.leg] if stop.booking.delivery_address else "organizing"


def place_word(stop: Stop) -> str:
    return f"{stop.address.city} {stop.place.zip_code}"


def plan_title(plan: DayPlan) -> str:
    return f"Day plan for {long_date(plan.plan_on)}"


def plan_summary(plan: DayPlan) -> str:
    left_out = counted(len(plan.unplanned), "booking")
    return (
        f"{counted(plan.bookings, 'booking')} on {len(plan.routes)} of"
        f" {counted(plan.crews, 'crew')}, {duration(plan.driving_minutes)} driving,"
        f" {duration(plan.waiting_minutes)} waiting, {left_out} unplanned"
    )


def route_title(route: CrewRoute, zone: tzinfo) -> str:
    return (
        f"Crew {route.crew}: {counted(route.bookings, 'booking')},"
        f" {clock(route.begins_at, zone)} to {clock(route.ends_at, zone)},"
        f" {duration(route.driving_minutes)} driving"
    )


def unplanned_words(one: Unplanned, zone: tzinfo) -> str:
    number, at = one.booking.booking_number, clock(one.booking.pickup_at, zone)
    return f"{number} at {at}: {one.reason.what_it_means}"
