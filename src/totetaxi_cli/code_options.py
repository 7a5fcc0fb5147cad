"""What a discount code takes off, and its limits, as options."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from totetaxi_core.catalog import ServiceType

FROM, TO, MOST, MOST_EACH = "--from", "--to", "--max-uses", "--max-uses-per-customer"
PERCENT, DOLLARS = "--percent", "--dollars"
AT_MOST, MIN_ORDER = "--at-most", "--min-order"
FIRST_DAY = "The first day it is good, in New York"
LAST_DAY = "The last day it is good, in New York"


def _amount(name: str, told: str) -> Any:  # noqa: ANN401  as Typer's own
    return typer.Option(name, metavar="DOLLARS", help=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCodeTerms:
    """One of `percent` and `dollars` is needed; days are New York's, both included."""

    percent: Annotated[
        str | None, typer.Option(PERCENT, metavar="PERCENT", help="Such as 10 or 12.5: a share.")
    ] = None
    dollars: Annotated[str | None, _amount(DOLLARS, "Such as 50 or 49.90: a sum.")] = None
    at_most: Annotated[str | None, _amount(AT_MOST, "Never more off than this.")] = None
    min_order: Annotated[str | None, _amount(MIN_ORDER, "Only for orders from this on.")] = None
    service: Annotated[
        list[ServiceType] | None,
        typer.Option("--service", help="Only for this service; may be repeated."),
    ] = None
    first_day: Annotated[
        str | None, typer.Option(FROM, metavar="YYYY-MM-DD", help=f"{FIRST_DAY}; else at once.")
    ] = None
    last_day: Annotated[
        str | None, typer.Option(TO, metavar="YYYY-MM-DD", help=f"{LAST_DAY}; else for good.")
    ] = None
    max_uses: Annotated[
        int | None, typer.Option(MOST, min=1, metavar="N", help="How often in all.")
    ] = None
    max_uses_per_customer: Annotated[
        int | None, typer.Option(MOST_EACH, min=1, metavar="N", help="How often each.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLimits:
    """`none` takes a limit away."""

    max_uses: Annotated[
        str | None, typer.Option(MOST, metavar="N|none", help="How often in all.")
    ] = None
    max_uses_per_customer: Annotated[
        str | None, typer.Option(MOST_EACH, metavar="N|none", help="How often each.")
    ] = None
    first_day: Annotated[
        str | None, typer.Option(FROM, metavar="YYYY-MM-DD|none", help=f"{FIRST_DAY}.")
    ] = None
    last_day: Annotated[
        str | None, typer.Option(TO, metavar="YYYY-MM-DD|none", help=f"{LAST_DAY}.")
    ] = None
