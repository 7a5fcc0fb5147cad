"""Plan a day: every booking that stands goes to a crew, or is named with the reason why not.

Source: docs/dispatch.md, "The day plan".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING
from totetaxi_core.logistics.crew_day import CrewDay
from totetaxi_core.logistics.day_plan import DayPlan, Unplanned, UnplannedReason
from totetaxi_core.logistics.driving import DrivingMatrix
from totetaxi_core.logistics.haul import Haul, UnknownPlaceError, haul_of
from totetaxi_core.logistics.plan_routes import plan_routes
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.price_book import PriceBook
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.unit_of_work import UnitOfWork

OnProgress = Callable[[int, int], None]


async def plan_day(
    plan_on: date,
    ports: Ports,
    terms: Terms,
    *,
    crews: int | None = None,
    matrix: DrivingMatrix | None = None,
    on_progress: OnProgress | None = None,
) -> DayPlan:
    """Return the plan of a date of the business; nothing is stored.

    `crews` is how many drive, those of the date if not said. Driving is estimated where the
    `matrix` does not list it. `on_progress` is told how many bookings go to how many crews.

    Raises:
        PlannerUnavailableError: there is no route solver, or it failed.
    """
    async with ports.unit_of_work() as uow:
        bookings = await uow.bookings.of_day(plan_on, statuses=STANDING)
        versions = {one.quote.price_book_version for one in bookings}
        books = {version: await uow.price_books.get(version) for version in versions}
        terms = await terms_now(uow, terms)
        working = await _crews(plan_on, uow, terms) if crews is None else crews
    if on_progress is not None:
        on_progress(len(bookings), working)
    day = CrewDay.of(plan_on, bookings, terms, crews=working, matrix=matrix)
    sorted_out = [*_sorted_out(bookings, books, day)]
    hauls = [one for one in sorted_out if isinstance(one, Haul)]
    planned = await plan_routes(hauls, day, ports.planner)
    unplanned = [one for one in sorted_out if isinstance(one, Unplanned)]
    unplanned += [_unplanned(haul.booking, UnplannedReason.NO_ROOM) for haul in planned.left_out]
    return DayPlan(
        plan_on=plan_on,
        begins_at=day.begins_at,
        ends_at=day.ends_at,
        crews=day.crews,
        van_cubic_feet=day.terms.van_cubic_feet,
        routes=planned.routes,
        unplanned=tuple(
            sorted(unplanned, key=lambda one: (one.booking.pickup_at, one.booking.booking_number))
        ),
    )


async def _crews(plan_on: date, uow: UnitOfWork, terms: Terms) -> int:
    """Return the crews of a date: one that bookings have touched keeps its own number."""
    touched = await uow.crews.taken(plan_on, plan_on)
    planned = terms.schedule.crews_on(plan_on)
    return max((count.crews for count in touched.values()), default=planned)


def _sorted_out(
    bookings: Sequence[Booking], books: Mapping[int, PriceBook], day: CrewDay
) -> Iterator[Haul | Unplanned]:
    """Yield what a crew could drive if there were nothing else, and what none can."""
    for booking in bookings:
        book = books[booking.quote.price_book_version]
        try:
            haul = haul_of(booking, book, van_cubic_feet=day.terms.van_cubic_feet)
        except UnknownPlaceError:
            yield _unplanned(booking, UnplannedReason.NO_PLACE)
            continue
        haul = _within(day, haul)
        hindrance = _hindrance(haul, day)
        yield haul if hindrance is None else _unplanned(booking, hindrance)


def _within(day: CrewDay, haul: Haul) -> Haul:
    """Return the haul; work at one place that would outlast the crews' day ends with it."""
    if haul.dropoff is not None:
        return haul
    left = max(0, day.minutes - day.minute_of(haul.booking.pickup_at))
    return replace(haul, pickup_minutes=min(haul.pickup_minutes, left))


def _hindrance(haul: Haul, day: CrewDay) -> UnplannedReason | None:
    if day.crews == 0:
        return UnplannedReason.NO_CREW
    if haul.cubic_feet > day.terms.van_cubic_feet:
        return UnplannedReason.TOO_LARGE
    driving = 0 if haul.dropoff is None else day.drives(haul.places)[0][-1].minutes
    begins = day.minute_of(haul.booking.pickup_at)
    if begins + haul.pickup_minutes + driving + haul.dropoff_minutes > day.minutes:
        return UnplannedReason.DAY_TOO_SHORT
    return None


def _unplanned(booking: Booking, reason: UnplannedReason) -> Unplanned:
    return Unplanned(booking=booking, reason=reason)
