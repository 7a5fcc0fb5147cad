"""Reports on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

import attrs

from totetaxi_core.reports.report import Cell, Column, Grouping, Measure, Report, ReportName

Figures = dict[str, int | str | None]


@attrs.frozen(kw_only=True)
class ReportColumnResponse:
    """`name` is what its cells are called in the rows; a share is in basis points."""

    name: str
    title: str
    measure: Measure

    @classmethod
    def from_column(cls, column: Column) -> Self:
        return cls(name=column.name, title=column.title, measure=column.measure)


@attrs.frozen(kw_only=True)
class ReportResponse:
    """Days are New York's, both included. Every row has a value for every column.

    The total has one for every column but the first; null is what cannot be added up.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "name": "taxes",
        "title": "Sales tax",
        "date_from": "2026-11-01",
        "date_to": "2026-11-30",
        "by": "month",
        "columns": [
            {"name": "date", "title": "month from", "measure": "date"},
            {"name": "collected_cents", "title": "collected", "measure": "cents"},
            {"name": "refunded_cents", "title": "refunded", "measure": "cents"},
            {"name": "owed_cents", "title": "owed", "measure": "cents"},
        ],
        "rows": [
            {
                "date": "2026-11-01",
                "collected_cents": 8_825,
                "refunded_cents": 825,
                "owed_cents": 8_000,
            }
        ],
        "total": {"collected_cents": 8_825, "refunded_cents": 825, "owed_cents": 8_000},
        "note": "By the ledger, on the day in New York it was posted.",
    }

    name: ReportName
    title: str
    date_from: date
    date_to: date
    by: Grouping
    columns: tuple[ReportColumnResponse, ...]
    rows: tuple[Figures, ...]
    total: Figures | None
    note: str

    @classmethod
    def from_report(cls, report: Report) -> Self:
        table = report.table
        first = table.columns[0].name
        total = None if table.total is None else _figures(report.named(table.total))
        if total is not None:
            del total[first]
        return cls(
            name=report.name,
            title=report.title,
            date_from=report.days.first_on,
            date_to=report.days.last_on,
            by=report.by,
            columns=tuple(ReportColumnResponse.from_column(one) for one in table.columns),
            rows=tuple(_figures(report.named(row)) for row in table.rows),
            total=total,
            note=table.note,
        )


def _figures(cells: Mapping[str, Cell]) -> Figures:
    return {
        name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in cells.items()
    }
