"""A report as one HTML file: a chart and the table, nothing fetched from anywhere."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from totetaxi_adapters.reports.bar_chart import bar_chart
from totetaxi_adapters.reports.cell_text import cell_text
from totetaxi_adapters.routing.svg_text import plain
from totetaxi_core.reports.report import Cell, Report

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
STYLE: Final = """
body { font: 14px/1.4 Helvetica, Arial, sans-serif; margin: 1.5rem auto; max-width: 1000px }
svg { max-width: 100%; height: auto; font: 12px Helvetica, Arial, sans-serif }
table { border-collapse: collapse; margin: 1.5rem 0; width: 100% }
th, td { border-bottom: 1px solid #d5d9de; padding: .25rem .6rem; text-align: left }
td.figure, th.figure { text-align: right; font-variant-numeric: tabular-nums }
tfoot td { font-weight: bold; border-top: 2px solid #555 }
@media print { tr { break-inside: avoid } }
"""


def html_page(report: Report, *, made_at: datetime, zone: tzinfo) -> str:
    """Return the HTML document; when it was made is told in the zone."""
    days = f"{report.days.first_on} to {report.days.last_on}, by {report.by}"
    made = f"{made_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{plain(f'{report.title}, {days}')}</title><style>{STYLE}</style></head><body>",
        f"<h1>{plain(report.title)}</h1><p>{plain(days)}</p>",
        bar_chart(report),
        *_table(report),
        f"<p>{plain(report.table.note)} Made {plain(made)}.</p></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(report: Report) -> Iterator[str]:
    table = report.table
    yield "<table><thead><tr>"
    for column in table.columns:
        kind = ' class="figure"' if column.is_figure else ""
        yield f"<th{kind}>{plain(column.title)}</th>"
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield f"<tr>{_cells(report, row)}</tr>"
    yield "</tbody>"
    if table.total:
        yield f"<tfoot><tr>{_cells(report, table.total)}</tr></tfoot>"
    yield "</table>"


def _cells(report: Report, row: Sequence[Cell]) -> str:
    return "".join(
        f"<td{' class=figure' if column.is_figure else ''}>{plain(cell_text(cell, column))}</td>"
        for cell, column in zip(row, report.table.columns, strict=True)
    )
