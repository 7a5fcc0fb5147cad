"""The record of staff acts on the terminal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.page import Page
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.chain_check import ChainFault, FaultKind
from totetaxi_core.staff.manage_staff import look_up_staff
from totetaxi_core.staff.read_acts import (
    ChainReport,
    erase_act,
    list_acts,
    verify_acts,
)
from totetaxi_core.staff.staff_act import ActFilter, RecordedAct
from totetaxi_http.schemas.staff_act import StaffActResponse

MEANING = {
    FaultKind.CHANGED: "changed",
    FaultKind.REMOVED: "removed",
    FaultKind.INSERTED: "slipped in",
    FaultKind.BROKEN: "rewritten, or some between them removed",
    FaultKind.ERASED_OFF_RECORD: "erased without an act on record",
    FaultKind.CUT: "not what the exported head says: the end was cut",
}


@attrs.frozen(kw_only=True)
class Wanted:
    """Which acts; the days are New York's, both included."""

    by: str | None
    action: str | None
    booking: str | None
    is_refused: bool | None
    first: date | None
    last: date | None


@attrs.frozen(kw_only=True)
class ActListResponse:
    """`next` is the position to ask on from, with --before; null at the end."""

    results: tuple[StaffActResponse, ...]
    next: int | None


@attrs.frozen(kw_only=True)
class FaultResponse:
    kind: FaultKind
    first: int
    last: int


@attrs.frozen(kw_only=True)
class ChainResponse:
    """`head` is what to keep elsewhere and give to the next check."""

    intact: bool
    checked: int
    head: str
    faults: tuple[FaultResponse, ...]


def list_to_terminal(wanted: Wanted, *, before: int | None, limit: int, as_json: bool) -> None:
    """Print a page of acts.

    Raises:
        BookingNotFoundError: no booking has the number asked for.
    """

    async def job(wiring: Wiring) -> Page[RecordedAct]:
        chosen = await _filter(wanted, wiring)
        return await list_acts(wiring.ports, chosen, before=before, limit=limit)

    page = run(job)
    last = None if page.oldest is None else page.oldest.link.position
    if as_json:
        results = tuple(StaffActResponse.from_recorded(one) for one in page.entries)
        print_json(ActListResponse(results=results, next=last))
        return
    columns = ("act", "at (UTC)", "who", "what", "", "from", "description")
    print_table(
        columns,
        map(_row, page.entries),
        right=frozenset({"act"}),
        empty="There is no such act.",
    )
    if last is not None:
        typer.echo(f"older ones: --before {last}")


def verify_to_terminal(*, head: str | None, as_json: bool) -> None:
    """Check the chain and say what was found; exit 1 if that is anything.

    Raises:
        typer.BadParameter: the head is not one; exit 1 would say that the record was edited.
    """
    try:
        wanted = None if head is None else ChainHead.parse(head)
    except InvalidInputError as error:
        raise typer.BadParameter(error.faults[0].message, param_hint="--head") from error

    async def job(wiring: Wiring) -> ChainReport:
        return await verify_acts(wiring.ports, head=wanted)

    report = run(job)
    if as_json:
        print_json(_response(report))
    else:
        for line in _lines(report):
            typer.echo(line)
    if report.faults:
        raise typer.Exit(code=1)


def erase_to_terminal(position: int, *, staff: str, reason: str) -> None:
    """Erase an act's personal values and say so.

    Raises:
        InvalidInputError: no reason.
        PermissionDeniedError: staff may not.
        StaffNotFoundError: there is no account to do it in the name of.
        ActNotFoundError: no act has this position.
    """

    async def job(wiring: Wiring, staff_name: str) -> None:
        by = await look_up_staff(staff_name, wiring.ports)
        await erase_act(position, wiring.ports, reason=reason, by=by)

    run(as_staff(staff, StaffCommand.AUDIT_ERASE, job))
    typer.echo(f"erased the values of act {position}")


async def _filter(wanted: Wanted, wiring: Wiring) -> ActFilter:
    booking = None if wanted.booking is None else await look_up_status(wanted.booking, wiring.ports)
    after = None if wanted.last is None else wanted.last + timedelta(days=1)
    return ActFilter(
        staff_name=wanted.by,
        action_type=wanted.action,
        booking_id=booking.id if booking else None,
        is_refused=wanted.is_refused,
        created_from=_midnight(wanted.first, wiring),
        created_until=_midnight(after, wiring),
    )


def _midnight(day: date | None, wiring: Wiring) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), tzinfo=wiring.terms.zone).astimezone(UTC)


def _row(recorded: RecordedAct) -> tuple[object, ...]:
    act, link = recorded.act, recorded.link
    return (
        link.position,
        f"{act.created_at:%Y-%m-%d %H:%M}",
        act.staff_name,
        act.action_type,
        "refused" if act.is_refused else "",
        act.ip_address or act.user_agent or act.channel,
        "(erased)" if link.salt is None else act.description,
    )


def _response(report: ChainReport) -> ChainResponse:
    return ChainResponse(
        intact=not report.faults,
        checked=report.checked,
        head=str(report.head),
        faults=tuple(
            FaultResponse(kind=fault.kind, first=fault.first, last=fault.last)
            for fault in report.faults
        ),
    )


def _lines(report: ChainReport) -> Iterator[str]:
    for fault in report.faults:
        yield f"{_place(fault)}: {MEANING[fault.kind]}"
    state = "not intact" if report.faults else "intact"
    yield f"{state}: {report.checked} acts; head {report.head}"


def _place(fault: ChainFault) -> str:
    return f"act {fault.first}" if fault.first == fault.last else f"acts {fault.first}-{fault.last}"
