"""Reports on the terminal, and as files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.filesize import decimal

from totetaxi_adapters.reports import csv_file, html_page
from totetaxi_adapters.reports.cell_text import cell_text
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import Job, run
from totetaxi_cli.document_views import new_file
from totetaxi_cli.output import print_json, print_table
from totetaxi_cli.staff_commands import (
    StaffCommand,
    StaffJob,
    as_staff,
    from_here,
    machine_account,
)
from totetaxi_cli.staff_name import OPTION
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.reports.export_report import record_export
from totetaxi_core.reports.read_report import ReportRequest, read_report
from totetaxi_core.reports.report import Cell, Grouping, Report
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.require_permission import require_staff
from totetaxi_http.schemas.report import ReportResponse

BAR_LETTERS: Final = 24
ABOVE, BELOW = "█", "░"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where a report goes: the terminal, unless it is saved."""

    as_json: bool
    csv: Path | None
    html: Path | None

    @property
    def is_saved(self) -> bool:
        return self.csv is not None or self.html is not None


def report_to_terminal(asked: ReportRequest, output: Output, *, staff: str | None) -> None:
    """Print the report, or save it in the files asked for, which are never replaced.

    Raises:
        InvalidInputError: the days end before they begin, are too many, or are not told apart so;
            nobody is named who asks, though there are accounts.
        PermissionDeniedError: staff may not see it, or may not export.
        FileExistsError: there is a file of this name already.
    """

    async def job(wiring: Wiring, staff_name: str) -> Report:
        report = await read_report(asked, wiring.ports, wiring.terms)
        if output.is_saved:
            await require_staff(staff_name, Permission.EXPORT_FINANCIAL_DATA, wiring.ports)
            await _save(report, output, wiring, staff_name)
        return report

    command = StaffCommand(f"reports {asked.name}")
    report = run(_unnamed(job) if staff is None else as_staff(staff, command, job))
    if output.as_json:
        print_json(ReportResponse.from_report(report))
    elif not output.is_saved:
        _print(report)


def _unnamed(job: StaffJob[Report]) -> Job[Report]:
    """Return the job as done by whoever runs this, while nobody has an account."""

    async def done(wiring: Wiring) -> Report:
        await _require_nobody(wiring.ports)
        return await job(from_here(wiring), machine_account())

    return done


async def _require_nobody(ports: Ports) -> None:
    async with ports.unit_of_work() as uow:
        is_staffed = await uow.staff_accounts.has_any()
    if is_staffed:
        message = "say who asks, here or in TOTETAXI_STAFF"
        raise InvalidInputError([FieldFault(field=OPTION, code="missing", message=message)])


async def _save(report: Report, output: Output, wiring: Wiring, staff_name: str) -> None:
    if output.csv is not None:
        await _write(output.csv, csv_file(report), report, wiring.ports, by=staff_name)
    if output.html is not None:
        page = html_page(report, made_at=wiring.ports.clock(), zone=wiring.terms.zone)
        await _write(output.html, page.encode(), report, wiring.ports, by=staff_name)


async def _write(path: Path, content: bytes, report: Report, ports: Ports, *, by: str) -> None:
    """Write a new file, which goes again if it cannot be put on record."""
    with new_file(path) as file:
        file.write(content)
        await record_export(report, ports, by=by, file_format=path.suffix.removeprefix("."))
    typer.echo(f"saved {path}, {decimal(len(content))}", err=True)


def _print(report: Report) -> None:
    table = report.table
    titles = [column.title for column in table.columns]
    bars = _bars(report)
    rows = [
        (*_texts(report, row), bar)
        for row, bar in zip(table.rows, bars, strict=True)
        if _is_told(report, row)
    ]
    if table.total:
        rows.append((*_texts(report, table.total), ""))
    figures = frozenset(column.title for column in table.columns if column.is_figure)
    print_table(
        (*titles, ""), rows, title=report.title, right=figures, empty=f"{report.title}: nothing."
    )
    left_out = "; days of nothing but zeros are left out" if report.by is Grouping.DAY else ""
    typer.echo(f"{report.days.first_on} to {report.days.last_on}{left_out}")
    typer.echo(table.note)


def _texts(report: Report, row: Sequence[Cell]) -> tuple[str, ...]:
    cells = zip(row, report.table.columns, strict=True)
    return tuple(cell_text(cell, column) for cell, column in cells)


def _bars(report: Report) -> list[str]:
    figures = [cell if isinstance(cell, int) else 0 for cell in _charted(report)]
    largest = max((abs(figure) for figure in figures), default=0) or 1
    return [
        (ABOVE if figure > 0 else BELOW) * -(-abs(figure) * BAR_LETTERS // largest)
        for figure in figures
    ]


def _charted(report: Report) -> Sequence[Cell]:
    return report.table.column(report.table.charted)


def _is_told(report: Report, row: Sequence[Cell]) -> bool:
    return report.by is not Grouping.DAY or any(row[1:])
