"""A column of a report as bars, in SVG."""

from collections.abc import Iterator
from typing import Final

from totetaxi_adapters.reports.cell_text import cell_text
from totetaxi_adapters.routing.svg_text import plain
from totetaxi_core.reports.report import Report

BAR_PX: Final = 18
GAP_PX: Final = 5
LABEL_PX: Final = 170
BARS_PX: Final = 560
FIGURE_PX: Final = 120
MOST_LETTERS: Final = 26
COLOUR, BELOW_ZERO = "#2f6db5", "#b5452f"


def bar_chart(report: Report) -> str:
    """Return one bar a row, as long as its figure is large, in red where that is below zero."""
    table = report.table
    names = [str(row[0]) for row in table.rows]
    figures = [cell if isinstance(cell, int) else 0 for cell in table.column(table.charted)]
    height = len(names) * (BAR_PX + GAP_PX) + GAP_PX
    width = LABEL_PX + BARS_PX + FIGURE_PX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{plain(f'{report.title}: {_column_title(report)}')}</title>",
        *_bars(report, names, figures),
        "</svg>",
    ]
    return "\n".join(parts)


def _bars(report: Report, names: list[str], figures: list[int]) -> Iterator[str]:
    largest = max((abs(figure) for figure in figures), default=0) or 1
    column = next(one for one in report.table.columns if one.name == report.table.charted)
    for number, (name, figure) in enumerate(zip(names, figures, strict=True)):
        top = GAP_PX + number * (BAR_PX + GAP_PX)
        middle = top + BAR_PX * 0.72
        length = BARS_PX * abs(figure) / largest
        colour = COLOUR if figure >= 0 else BELOW_ZERO
        yield _text(LABEL_PX - 8, middle, _short(name), anchor="end")
        yield (
            f'<rect x="{LABEL_PX}" y="{top}" width="{length:.1f}" height="{BAR_PX}"'
            f' fill="{colour}"/>'
        )
        yield _text(LABEL_PX + length + 6, middle, cell_text(figure, column), anchor="start")


def _text(x: float, y: float, words: str, *, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{plain(words)}</text>'


def _short(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1]}…"


def _column_title(report: Report) -> str:
    table = report.table
    return next(column.title for column in table.columns if column.name == table.charted)
