"""A report as CSV, by RFC 4180, in UTF-8: for a spreadsheet, which must not run what is in it."""

import csv
import io
from typing import Final

from totetaxi_adapters.reports.cell_text import hours, per_cent
from totetaxi_core.money import dollars
from totetaxi_core.reports.report import Cell, Column, Measure, Report

# A spreadsheet takes a cell that begins like this for a formula, blanks before it or not;
# the last four are its signs in full width.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
UNITS: Final = {
    Measure.CENTS: ("_cents", "_dollars"),
    Measure.BASIS_POINTS: ("_bp", "_percent"),
    Measure.HALF_HOURS: ("_half_hours", "_hours"),
}


def csv_file(report: Report) -> bytes:
    """Return a line of names, one of each row, and the total's last.

    Amounts are dollars as `1234.50`, shares per cent, dates ISO 8601; lines end with CRLF. A text
    that a spreadsheet would take for a formula has an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    columns, table = report.table.columns, report.table
    writer.writerow(_name(column) for column in columns)
    for row in (*table.rows, *([table.total] if table.total else ())):
        writer.writerow(_value(cell, column) for cell, column in zip(row, columns, strict=True))
    return text.getvalue().encode()


def _name(column: Column) -> str:
    ours, theirs = UNITS.get(column.measure, ("", ""))
    return column.name.removesuffix(ours) + theirs


def _value(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, int):
        return safe_text(str(cell))
    if column.measure is Measure.CENTS:
        return dollars(cell)
    if column.measure is Measure.BASIS_POINTS:
        return per_cent(cell)
    return hours(cell) if column.measure is Measure.HALF_HOURS else str(cell)


def safe_text(text: str) -> str:
    """Return the text with an apostrophe before it, where a spreadsheet would compute it."""
    begins = text.lstrip(" \u00a0\ufeff")
    return f"'{text}" if begins.startswith(FORMULA) or text.startswith(FORMULA) else text
