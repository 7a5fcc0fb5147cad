"""The port to the route solver: VROOM in a process of its own.

The solver holds the interpreter while it works, and brings numpy and pandas: in a process of its
own it neither stops the event loop nor stays in the service's memory.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from totetaxi_adapters.routing.problem_text import problem_text, routes_from
from totetaxi_adapters.routing.solver_process import NOT_INSTALLED
from totetaxi_core.logistics.route_planner import PlannerUnavailableError, Routes, RoutingProblem

# -P: nothing in the folder we happen to be in may pose as a module.
COMMAND: Final = (sys.executable, "-P", "-m", "totetaxi_adapters.routing.solver_process")
LONGEST_S: Final = 120.0


class VroomRoutePlanner:
    """A solver that takes longer than `longest_s` is ended, and there is no plan."""

    def __init__(self, *, command: tuple[str, ...] = COMMAND, longest_s: float = LONGEST_S) -> None:
        self._command, self._longest_s = command, longest_s

    async def plan(self, problem: RoutingProblem) -> Routes:
        """Return the routes.

        Raises:
            PlannerUnavailableError: VROOM is not installed, failed, or took too long.
        """
        async with _running(self._command) as process:
            try:
                async with asyncio.timeout(self._longest_s):
                    said, complaint = await process.communicate(problem_text(problem))
            except TimeoutError as error:
                message = f"the route solver did not end within {self._longest_s:.0f} s"
                raise PlannerUnavailableError(message) from error
        if process.returncode == NOT_INSTALLED:
            message = "the route solver is not installed: pip install 'totetaxi[planning]'"
            raise PlannerUnavailableError(message)
        if process.returncode:
            last_line = complaint.decode(errors="replace").strip().rpartition("\n")[-1]
            message = f"the route solver failed ({process.returncode}): {last_line}"
            raise PlannerUnavailableError(message)
        try:
            return routes_from(said)
        except ValueError as error:
            raise PlannerUnavailableError("the route solver gave no answer") from error


@asynccontextmanager
async def _running(command: tuple[str, ...]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the solver; whatever happens, it is gone at the end."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
