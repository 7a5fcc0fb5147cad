"""What is past its time, on the terminal."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_adapters.worker import BATCH, ROUND
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.retention.retention_terms import WHAT_COUNTS, Kept, RetentionTerms
from totetaxi_core.retention.sweep_kept import (
    BookingsNotErasedError,
    Swept,
    count_kept,
    sweep_all,
)

GO: Final = "--yes lets them go"


class _Round(NamedTuple):
    """What went; what could not, by the booking's number, and why; how long things are kept."""

    gone: Mapping[Kept, int]
    left: Mapping[str, str]
    kept: RetentionTerms


def show_to_terminal(*, as_json: bool) -> None:
    """Print how many of each kind are past their time."""

    async def job(wiring: Wiring) -> tuple[Mapping[Kept, int], RetentionTerms]:
        return await count_kept(wiring.ports, wiring.terms), wiring.terms.retention

    _print(*run(job), column="past_time", as_json=as_json)


def run_to_terminal(*, staff: str, is_sure: bool, as_json: bool) -> None:
    """Let go of everything past its time, and print how many went; only count if not sure.

    Raises:
        BookingsNotErasedError: some could not be; all else has gone.
        PermissionDeniedError: staff may not.
        StaffNotFoundError: there is no account to do it in the name of.
    """

    async def job(wiring: Wiring, staff_name: str) -> _Round:
        if not is_sure:
            counted = await count_kept(wiring.ports, wiring.terms)
            return _Round(counted, {}, wiring.terms.retention)
        swept = await _let_go(wiring, staff_name)
        left = {await _name(one, wiring): code for one, code in swept.left.items()}
        return _Round(swept.gone, left, wiring.terms.retention)

    ended = run(as_staff(staff, StaffCommand.RETENTION_RUN, job))
    _print(ended.gone, ended.kept, column="gone" if is_sure else "past_time", as_json=as_json)
    if not is_sure and any(ended.gone.values()):
        typer.echo(GO, err=True)
    if ended.left:
        raise BookingsNotErasedError(ended.left)


async def _let_go(wiring: Wiring, staff_name: str) -> Swept:
    def told(gone: int) -> None:
        typer.echo(f"{gone:,} gone ...", err=True)

    return await sweep_all(
        wiring.ports, wiring.terms, limit=BATCH, most=ROUND, by=staff_name, told=told
    )


async def _name(booking_id: UUID, wiring: Wiring) -> str:
    """Return the booking's number; its id where it cannot be read."""
    try:
        async with wiring.ports.unit_of_work() as uow:
            return (await uow.bookings.get(booking_id)).booking_number
    except Exception:  # noqa: BLE001  what keeps it from being erased may keep it from being read
        return str(booking_id)


def _print(
    counted: Mapping[Kept, int], kept: RetentionTerms, *, column: str, as_json: bool
) -> None:
    rows = [(kind, kept.kept_for(kind).days, counted.get(kind, 0)) for kind in Kept]
    if as_json:
        told = [{"kind": kind, "kept_days": days, column: count} for kind, days, count in rows]
        print_json({"results": told})
        return
    last = column.replace("_", " ")
    print_table(
        ("what", "kept for", "counted from", last),
        [
            (
                kind.replace("_", " "),
                f"{days:,} day{'s' if days > 1 else ''}",
                WHAT_COUNTS[kind],
                f"{count:,}",
            )
            for kind, days, count in rows
        ],
        right=frozenset({"kept for", last}),
    )
