"""Figures as a table for people, as JSON for programs, and as a page of the documentation."""

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from os import cpu_count
from typing import Final

from benchmarks.figure import Figure

Cells = tuple[str, str, str, str]
HEAD: Final[Cells] = ("Figure", "Measured", "Limit", "")
LARGE: Final = 100


def as_table(figures: Iterable[Figure]) -> str:
    """Return lines of columns, wide enough for what is in them."""
    rows = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:3], widths[1:], strict=True)),
                row[3],
            ]
        ).rstrip()
        for row in rows
    )


def as_json(figures: Iterable[Figure]) -> str:
    return json.dumps([{**asdict(figure), "holds": figure.holds} for figure in figures], indent=2)


def as_markdown(sections: Mapping[str, Sequence[Figure]]) -> str:
    """Return a table for every measure."""
    parts = []
    for title, figures in sections.items():
        parts.append(f"### {title}\n\n| Figure | Measured | Limit | |\n| --- | ---: | ---: | --- |")
        parts.append("\n".join(f"| {' | '.join(_cells(figure))} |" for figure in figures) + "\n")
    return "\n".join(parts)


def machine() -> str:
    """Say in general terms what it was measured on."""
    on = f"{datetime.now(UTC):%Y-%m-%d}"
    cores = f"{cpu_count()} cores"
    return f"{on}, {platform.system()} on {platform.machine()}, {cores}, Python " + ".".join(
        platform.python_version_tuple()[:2]
    )


def _cells(figure: Figure) -> Cells:
    verdict = "" if figure.limit is None else "holds" if figure.holds else "MISSED"
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        _limit(figure),
        "; ".join(part for part in (verdict, figure.note) if part),
    )


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return f"{'at most' if figure.at_most else 'at least'} {_number(figure.limit)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= LARGE else f"{value:.2f}"
