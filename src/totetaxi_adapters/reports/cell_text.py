"""The cells of a report in the words of people."""

from typing import Final

from totetaxi_core.money import money_words
from totetaxi_core.reports.report import Cell, Column, Measure

PER_CENT: Final = 100  # basis points


def cell_text(cell: Cell, column: Column) -> str:
    """Return `$1,234.50`, `12.5 %`, `1,234` or the text; nothing for None, and `total` as it is."""
    if cell is None:
        return ""
    if not isinstance(cell, int):
        return str(cell)
    if column.measure is Measure.CENTS:
        return money_words(cell)
    if column.measure is Measure.BASIS_POINTS:
        return f"{per_cent(cell)} %"
    return hours(cell) if column.measure is Measure.HALF_HOURS else f"{cell:,}"


def per_cent(rate_bp: int) -> str:
    """Return `12.50` for 1,250 basis points."""
    sign = "-" if rate_bp < 0 else ""
    whole, part = divmod(abs(rate_bp), PER_CENT)
    return f"{sign}{whole}.{part:02d}"


def hours(half_hours: int) -> str:
    """Return `2.5` for 5."""
    return f"{half_hours // 2}.{half_hours % 2 * 5}"
