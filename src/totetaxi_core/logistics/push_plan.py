"""Give the tasks of a day's plan to the drivers, at the courier's.

Source: docs/dispatch.md, "The day plan".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from totetaxi_core.logistics.courier_gateway import (
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierWorker,
)
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop
from totetaxi_core.logistics.keep_state import keep_state
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import StaffAct

Drivers = Mapping[int, CourierWorker]


class NoDriverError(DomainError):
    """Fewer drivers are on duty than crews have to drive; nothing was assigned."""

    code = "no_driver"
    field = "drivers"

    def __init__(self, crews: Sequence[int], *, on_duty: int) -> None:
        named = ", ".join(map(str, crews))
        super().__init__(f"no driver is left for crew {named}: {on_duty} on duty")
        self.crews = tuple(crews)


class PushOutcome(StrEnum):
    """`under_way`: its drive has begun or ended, so it stays as it is."""

    ASSIGNED = "assigned"
    ALREADY_ASSIGNED = "already_assigned"
    UNDER_WAY = "under_way"
    UNKNOWN = "unknown"
    REFUSED = "refused"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left for a person to do."""
        return self not in {PushOutcome.UNKNOWN, PushOutcome.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedTask:
    """What became of one stop; `detail` says why the courier does not have it, or refuses."""

    crew: int
    booking_number: str
    leg: Leg
    driver: str
    outcome: PushOutcome
    detail: str = ""


class _Turn(NamedTuple):
    """A stop of a crew, who is to make it, and the task of it, if there is one."""

    route: CrewRoute
    stop: Stop
    driver: CourierWorker
    task: CourierTask | None


def drivers_of(
    plan: DayPlan, workers: Sequence[CourierWorker], *, named: Mapping[int, str]
) -> Drivers:
    """Return each crew's driver: whom `named` says (by name or id), else the next on duty by name.

    Raises:
        InvalidInputError: a crew does not drive, or a driver is unknown, or named twice.
        NoDriverError: too few are on duty.
    """
    chosen = {crew: _named(name, workers) for crew, name in named.items()}
    if faults := tuple(_faults(plan, chosen, named)):
        raise InvalidInputError(faults)
    drivers = {crew: worker for crew, worker in chosen.items() if worker is not None}
    on_duty = sorted(
        (one for one in workers if one.is_on_duty), key=lambda one: (one.name.casefold(), one.id)
    )
    free = [one for one in on_duty if one not in drivers.values()]
    open_crews = [route.crew for route in plan.routes if route.crew not in drivers]
    if len(open_crews) > len(free):
        raise NoDriverError(open_crews[len(free) :], on_duty=len(on_duty))
    return drivers | dict(zip(open_crews, free, strict=False))


async def push_plan(
    plan: DayPlan, drivers: Drivers, ports: Ports, terms: Terms, *, staff_name: str
) -> tuple[PushedTask, ...]:
    """Assign every task of the plan that has not begun, in the order of the stops.

    What is meant goes on record first. It may be repeated: what is assigned so already stays.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; what was assigned by then is.
    """
    turns = await _turns(plan, drivers, ports)
    await _record(plan, turns, ports, staff_name=staff_name)
    return tuple([await _push(turn, ports, terms) for turn in turns])


async def _turns(plan: DayPlan, drivers: Drivers, ports: Ports) -> list[_Turn]:
    booked = [stop.booking.id for route in plan.routes for stop in route.stops]
    async with ports.unit_of_work() as uow:
        tasks = await uow.courier_tasks.of_bookings(set(booked))
    standing = {
        (task.booking_id, task.leg): task
        for task in tasks
        if task.status is not CourierTaskStatus.DELETED
    }
    return [
        _Turn(route, stop, drivers[route.crew], standing.get((stop.booking.id, stop.leg)))
        for route in plan.routes
        for stop in route.stops
    ]


async def _push(turn: _Turn, ports: Ports, terms: Terms) -> PushedTask:
    task, driver = turn.task, turn.driver
    if task is None or task.onfleet_task_id is None:
        return _pushed(turn, PushOutcome.UNKNOWN, "the courier does not have it yet")
    if task.status not in UNTOUCHED:
        return _pushed(turn, PushOutcome.UNDER_WAY)
    if task.worker_id == driver.id:
        return _pushed(turn, PushOutcome.ALREADY_ASSIGNED)
    try:
        seen = await ports.couriers.assign_task(task.onfleet_task_id, driver.id)
    except CourierTaskNotFoundError:
        return _pushed(turn, PushOutcome.UNKNOWN, "the courier has it no more")
    except CourierRefusedError as refusal:
        return _pushed(turn, PushOutcome.REFUSED, str(refusal))
    await keep_state(task.id, seen, ports, terms, worker_name=driver.name)
    return _pushed(turn, PushOutcome.ASSIGNED)


async def _record(plan: DayPlan, turns: Sequence[_Turn], ports: Ports, *, staff_name: str) -> None:
    after = {
        f"{turn.stop.booking.booking_number} {turn.stop.leg}": turn.driver.name for turn in turns
    }
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="day_plan_pushed",
                description=f"gave the tasks of the plan of {plan.plan_on} to drivers",
                booking_id=None,
                created_at=ports.clock(),
                subject=f"day_plan:{plan.plan_on}",
                after=after,
            )
        )
        await uow.commit()


def _pushed(turn: _Turn, outcome: PushOutcome, detail: str = "") -> PushedTask:
    return PushedTask(
        crew=turn.route.crew,
        booking_number=turn.stop.booking.booking_number,
        leg=turn.stop.leg,
        driver=turn.driver.name,
        outcome=outcome,
        detail=detail,
    )


def _named(name: str, workers: Sequence[CourierWorker]) -> CourierWorker | None:
    """Return the one driver of this id or name; None if there is none, or there are several."""
    wanted = " ".join(name.split()).casefold()
    found = [one for one in workers if name == one.id or one.name.casefold() == wanted]
    return found[0] if len(found) == 1 else None


def _faults(
    plan: DayPlan, chosen: Mapping[int, CourierWorker | None], named: Mapping[int, str]
) -> Iterator[FieldFault]:
    crews = {route.crew for route in plan.routes}
    taken: set[str] = set()
    for crew, worker in chosen.items():
        field = f"drivers.{crew}"
        if crew not in crews:
            yield FieldFault(field=field, code="unavailable", message=f"no crew {crew} drives")
        elif worker is None:
            message = f"the courier knows no one driver called {named[crew]}"
            yield FieldFault(field=field, code="unavailable", message=message)
        elif worker.id in taken:
            yield FieldFault(field=field, code="duplicate", message=f"{worker.name} has a crew")
        else:
            taken.add(worker.id)
