"""`totetaxi doctor`."""

from typing import Annotated

import typer


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check everything the service needs, and say what to do about what is missing.

    Exit 1 when a check fails; a warning is no failure.

    Example: totetaxi doctor
    """
    from totetaxi_cli.diagnosis import diagnose

    diagnose(as_json=json)
