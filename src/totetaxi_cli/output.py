"""Answers on standard output: JSON for programs, tables for people."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from totetaxi_core.money import money_words
from totetaxi_http.wire.converter import json_bytes

PIPED_WIDTH = 200  # nobody's window: a table in a file or a pipe is not to be cut


def print_json(content: object) -> None:
    """Print one line of JSON, as HTTP would answer."""
    typer.echo(json_bytes(content).decode())


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    right: frozenset[str] = frozenset(),
    empty: str | None = None,
) -> None:
    """Print rows of cells; the columns named in `right` hold figures. None is left empty.

    Where there is no row, the sentence `empty` takes the table's place.
    """
    rows = tuple(rows)
    if empty is not None and not rows:
        typer.echo(empty)
        return
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for index, column in enumerate(columns):
        table.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=index == 0,  # a slug or number is there to be copied
        )
    for row in rows:
        # As Text: square brackets in a name are no markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    print_renderable(table)


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values, one pair a line; None and empty text are left out."""
    shown = [(name, value) for name, value in facts if value not in (None, "")]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        # Never wrapped or cut: tokens are there to be copied.
        typer.echo(f"{typer.style(f'{name:<{width}}', bold=True)}  {value}")


def print_renderable(content: object) -> None:
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(file=sys.stdout, width=width, highlight=False).print(content)


def moment(at: datetime | None) -> str | None:
    """Return `2026-12-01 14:30`, in UTC as columns and names say; nothing for None."""
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"


def money(amount_cents: int | None) -> str:
    """Return `$1,234.50`; nothing for None."""
    return "" if amount_cents is None else money_words(amount_cents)
