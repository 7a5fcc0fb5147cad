import asyncio
import sys
from pathlib import Path

import pytest

from totetaxi_adapters.routing.vroom_planner import VroomRoutePlanner
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import (
    PlannerUnavailableError,
    RoutingJob,
    RoutingProblem,
    Visit,
)

JOB = RoutingJob(from_minute=0, until_minute=60, pickup_place=0, pickup_minutes=30, load=0)
PROBLEM = RoutingProblem(crews=1, capacity=1, ends_minute=780, driving=((0,),), jobs=(JOB,))
MODULE = "totetaxi_adapters.routing.solver_process"
NO_VROOM = (
    "import runpy, sys; sys.modules['vroom'] = None;"
    f" runpy.run_module({MODULE!r}, run_name='__main__')"
)
SHORT_S = 0.3


def python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


async def test_given_a_module_of_the_solver_s_name_here_when_planned_then_it_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vroom.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)

    assert await VroomRoutePlanner().plan(PROBLEM) == ((Visit(0, Leg.PICKUP),),)


@pytest.mark.parametrize(
    ("program", "told"),
    [
        (NO_VROOM, "not installed: pip install"),
        ("import sys; sys.stdin.read(); sys.exit('out of memory')", "failed (1): out of memory"),
        ("import os; os.abort()", "failed (-6)"),
        ("print('[[1]]')", "gave no answer"),
        ("print('nothing')", "gave no answer"),
    ],
)
async def test_given_a_solver_that_fails_when_planned_then_it_is_said_why(
    program: str, told: str
) -> None:
    planner = VroomRoutePlanner(command=python(program))

    with pytest.raises(PlannerUnavailableError) as refused:
        await planner.plan(PROBLEM)

    assert told in str(refused.value)
    assert refused.value.code == "planner_unavailable"


async def test_given_a_solver_that_never_ends_when_planned_then_it_is_ended_and_nothing_waits(
    tmp_path: Path,
) -> None:
    told = tmp_path / "pid"
    program = (
        f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text(str(os.getpid()));"
        " time.sleep(600)"
    )
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.01)

    beating = asyncio.create_task(beat())
    with pytest.raises(PlannerUnavailableError, match="did not end"):
        await VroomRoutePlanner(command=python(program), longest_s=SHORT_S).plan(PROBLEM)
    beating.cancel()

    assert beats > 5
    assert not is_running(told)


def is_running(told: Path) -> bool:
    """Tell whether the process that told its number there runs; it may not have come so far."""
    return told.exists() and Path(f"/proc/{told.read_text()}").exists()
