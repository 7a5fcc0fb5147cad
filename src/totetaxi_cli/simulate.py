"""`totetaxi simulate`."""

from typing import Annotated

import typer

STEPS = 300


def simulate(
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="The first seed; a drawn one unless given.")
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of each seed.")] = STEPS,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds", min=1, help="How many seeds, from the first on: 1 with --seed, else 20."
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", min=0, help="Run seed after seed for so long instead."),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="NUMBERS", help="Take these steps of --seed alone, as 3,17,52."
        ),
    ] = None,
    tell: Annotated[
        bool, typer.Option("--tell", help="Tell what happened in the last seed.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let customers, staff, Stripe, the worker and death act at random, and watch the promises.

    The whole application runs on a simulated clock, in memory: nothing of this machine is touched.
    Exit 1 at the first promise that is broken, with the shortest history that breaks it.

    Example: totetaxi simulate --seed 7 --steps 300
    """
    from totetaxi_cli.simulate_run import Wanted, run_simulations

    wanted = Wanted(seed=seed, steps=steps, seeds=seeds, minutes=minutes, only=only, tell=tell)
    run_simulations(wanted, as_json=json)
