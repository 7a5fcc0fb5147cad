"""The settings of the schedule as options; what is not given stays."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer


def _clock(name: str, told: str) -> Any:  # noqa: ANN401  as Typer's own
    return typer.Option(name, metavar="HH:MM", help=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOptions:
    """Weekdays are named side by side, `saturday,sunday`; `none` opens all."""

    opens_at: Annotated[str | None, _clock("--opens-at", "The first pickup.")] = None
    last_pickup_at: Annotated[str | None, _clock("--last-pickup-at", "The last pickup.")] = None
    crew_day_ends_at: Annotated[
        str | None, _clock("--crew-day-ends-at", "When the crews go home.")
    ] = None
    notice_cutoff_at: Annotated[
        str | None, _clock("--notice-cutoff-at", "From when on tomorrow cannot be booked.")
    ] = None
    horizon_days: Annotated[
        int | None, typer.Option("--horizon-days", help="How far ahead customers may book.")
    ] = None
    closed_weekdays: Annotated[
        str | None,
        typer.Option("--closed-weekdays", metavar="DAYS", help="All: saturday,sunday; or none."),
    ] = None
    holidays_closed: Annotated[
        bool | None, typer.Option("--close-holidays/--open-holidays", help="Federal holidays.")
    ] = None
    same_day: Annotated[
        bool | None, typer.Option("--same-day/--no-same-day", help="Whether today can be booked.")
    ] = None
