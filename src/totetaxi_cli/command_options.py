"""What several commands ask for, in the same words."""

from typing import Annotated, Any
from uuid import UUID

import typer

DATE, TIME = "%Y-%m-%d", "%H:%M"
MOST_LISTED = 100
OLDER = "Older than this one: what the last list ended with."

Staff = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="TOTETAXI_STAFF",
        metavar="NAME",
        help="Who does this: on record. A username, once there are accounts (`staff create`).",
    ),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as TT-7K2M9XQ4.")]
Notes = Annotated[
    str, typer.Option("--notes", metavar="TEXT", help="Why, or how it went: on record.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MOST_LISTED, help="How many at most.")]
AfterId = Annotated[UUID | None, typer.Option("--after", metavar="ID", help=OLDER)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with HTTP's names.")]


def day(name: str, told: str) -> Any:  # noqa: ANN401  as Typer's own
    """Return an option that takes a date; the command gets a datetime."""
    return typer.Option(name, formats=[DATE], metavar="YYYY-MM-DD", help=told)
