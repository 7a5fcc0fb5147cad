"""A day's plan at the courier's: whom each crew's tasks are given, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import attrs
import typer

from totetaxi_adapters.routing.plan_words import LEGS, counted
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.day_plan_view import WantedPlan, show_plan
from totetaxi_cli.output import print_json
from totetaxi_cli.question import require_yes
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import DayPlan
from totetaxi_core.logistics.push_plan import (
    Drivers,
    PushedTask,
    PushOutcome,
    drivers_of,
    push_plan,
)
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.day_plan import DayPlanResponse

LEFT_UNDONE: Final = 1


@dataclass(frozen=True, kw_only=True)
class WantedPush:
    """`drivers` are as typed: `1=Dana Lee`."""

    drivers: tuple[str, ...]
    staff: str | None
    yes: bool


@attrs.frozen(kw_only=True)
class PushedTaskResponse:
    """What became of one stop; `detail` says why it could not be assigned."""

    crew: int
    booking_number: str
    leg: Leg
    driver: str
    outcome: PushOutcome
    detail: str

    @classmethod
    def from_pushed(cls, pushed: PushedTask) -> "PushedTaskResponse":
        return cls(
            crew=pushed.crew,
            booking_number=pushed.booking_number,
            leg=pushed.leg,
            driver=pushed.driver,
            outcome=pushed.outcome,
            detail=pushed.detail,
        )


@attrs.frozen(kw_only=True)
class PushedPlanResponse:
    """The plan, and what became of each of its tasks."""

    plan: DayPlanResponse
    pushed: tuple[PushedTaskResponse, ...]


def push_to_terminal(wanted: WantedPlan, push: WantedPush) -> None:
    """Plan the day, show it, and give its tasks to drivers.

    Raises:
        InvalidInputError: nobody said who pushes, a driver is none, or a program did not agree.
        PermissionDeniedError: staff may not.
        PlannerUnavailableError: there is no route solver, or it failed.
        NoDriverError: too few drivers are on duty.
        CourierUnavailableError, CourierMisconfiguredError: no answer; what was assigned by then is.
        typer.Exit: with 1, a task could not be assigned.
    """
    named = _named_drivers(push.drivers)
    if push.staff is None:
        raise _refused("--as", "say who assigns the tasks")
    if wanted.as_json and not push.yes:
        raise _refused("--yes", "a program agrees beforehand")

    async def job(wiring: Wiring, staff_name: str) -> tuple[DayPlan, Sequence[PushedTask]]:
        plan = await show_plan(wanted, wiring)
        workers = await wiring.ports.couriers.list_workers()
        drivers = drivers_of(plan, workers, named=named)
        if not push.yes:
            _ask(plan, drivers)
        done = await push_plan(plan, drivers, wiring.ports, wiring.terms, staff_name=staff_name)
        return plan, done

    plan, pushed = run_with_stripe(as_staff(push.staff, StaffCommand.DISPATCH_PLAN, job))
    if wanted.as_json:
        told = tuple(PushedTaskResponse.from_pushed(one) for one in pushed)
        print_json(PushedPlanResponse(plan=DayPlanResponse.from_plan(plan), pushed=told))
    else:
        _tell(pushed)
    if not all(one.outcome.is_done for one in pushed):
        raise typer.Exit(LEFT_UNDONE)


def _ask(plan: DayPlan, drivers: Drivers) -> None:
    crews = ", ".join(f"{crew} to {driver.name}" for crew, driver in sorted(drivers.items()))
    tasks = counted(sum(len(route.stops) for route in plan.routes), "task")
    require_yes(f"Give {tasks} of the crews to drivers: {crews}?")


def _tell(pushed: Sequence[PushedTask]) -> None:
    for one in pushed:
        if not one.outcome.is_done:
            task = f"{one.booking_number} {LEGS[one.leg]} (crew {one.crew})"
            typer.echo(f"{one.outcome}: {task} not given to {one.driver}: {one.detail}")
    outcomes = [one.outcome for one in pushed]
    counts = [
        f"{outcomes.count(one)} {one.replace('_', ' ')}" for one in PushOutcome if one in outcomes
    ]
    typer.echo(f"{counted(len(pushed), 'task')}: {', '.join(counts) or 'nothing to drive'}")


def _named_drivers(typed: Sequence[str]) -> Mapping[int, str]:
    """Return whom each crew was given by name.

    Raises:
        InvalidInputError: one is not written CREW=NAME, or a crew comes twice.
    """
    named: dict[int, str] = {}
    for text in typed:
        crew, _, name = text.partition("=")
        if not (crew.strip().isdecimal() and crew.isascii() and name.strip()):
            raise _refused("--driver", f"{text} is not written 1=Dana Lee")
        if int(crew) in named:
            raise _refused("--driver", f"crew {int(crew)} has two drivers")
        named[int(crew)] = name.strip()
    return named


def _refused(field: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=field, code="invalid", message=message)])
