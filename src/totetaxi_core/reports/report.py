"""A report: rows of figures under named columns, and their total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from totetaxi_core.reports.span import Days

Cell: TypeAlias = str | int | date | None


class ReportName(StrEnum):
    REVENUE = "revenue"
    TAXES = "taxes"
    REFUNDS = "refunds"
    BOOKINGS = "bookings"
    CANCELLATIONS = "cancellations"
    LEAD_TIME = "lead-time"
    MORNINGS = "mornings"
    CREWS = "crews"
    CUSTOMERS = "customers"
    NEW_CUSTOMERS = "new-customers"


class Grouping(StrEnum):
    """What the rows of a report are."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SERVICE = "service"
    RULE = "rule"
    PACKAGE = "package"
    STATUS = "status"
    WEEKDAY = "weekday"
    TIME = "time"
    NOTICE = "notice"
    CUSTOMER = "customer"


class Measure(StrEnum):
    """What a column's cells are; all but the first two are whole numbers."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    CENTS = "cents"
    BASIS_POINTS = "bp"
    HALF_HOURS = "half_hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is for programs and carries the unit; `title` is for people."""

    name: str
    title: str
    measure: Measure

    @property
    def is_figure(self) -> bool:
        return self.measure not in (Measure.TEXT, Measure.DATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`total` has a cell for each column, None where there is nothing to add up, as a name.

    `charted` is the column to draw. `note` says in a sentence what counts.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None
    charted: str
    note: str

    def column(self, name: str) -> Sequence[Cell]:
        """Return the cells of a column, without the total's."""
        place = next(index for index, one in enumerate(self.columns) if one.name == name)
        return [row[place] for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A table over days of New York."""

    name: ReportName
    title: str
    days: Days
    by: Grouping
    table: Table

    def named(self, cells: Sequence[Cell]) -> Mapping[str, Cell]:
        """Return the cells of a row, or of the total, by their columns' names."""
        names = (column.name for column in self.table.columns)
        return dict(zip(names, cells, strict=True))


def text(name: str, title: str) -> Column:
    return Column(name, title, Measure.TEXT)


def count(name: str, title: str) -> Column:
    return Column(name, title, Measure.COUNT)


def cents(name: str, title: str) -> Column:
    return Column(f"{name}_cents", title, Measure.CENTS)


def share(name: str, title: str) -> Column:
    return Column(f"{name}_bp", title, Measure.BASIS_POINTS)


def share_bp(part: int, *, of: int) -> int | None:
    """Return a part in basis points of the whole, rounded down; None where there is no whole."""
    return None if of == 0 else 10_000 * part // of
