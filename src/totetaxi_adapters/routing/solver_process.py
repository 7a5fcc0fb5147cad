"""`python -m totetaxi_adapters.routing.solver_process`: a problem in, its routes out."""

import sys
from typing import Final

from totetaxi_adapters.routing.problem_text import problem_from, routes_text

NOT_INSTALLED: Final = 3


def main() -> int:
    """Solve what stands on standard input; return NOT_INSTALLED where there is no solver."""
    problem = problem_from(sys.stdin.buffer.read())
    try:
        from totetaxi_adapters.routing.vroom_solver import solve  # noqa: PLC0415  may be missing
    except ModuleNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_INSTALLED
    sys.stdout.buffer.write(routes_text(solve(problem)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
