"""`python -m benchmarks`: measure, print, and fail where a limit is missed."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.measures import MEASURES
from benchmarks.progress import Progress
from benchmarks.report import as_json, as_markdown, as_table, machine
from totetaxi_adapters.logging import configure_logging

PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN: Final = "<!-- figures: written by python -m benchmarks --write -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 1 where a limit was missed, else 0."""
    asked = _parser().parse_args(arguments)
    configure_logging(level="WARNING")
    effort = Effort.full() if asked.full else Effort.usual()
    measured: dict[str, list[Figure]] = {}
    for name in asked.only or MEASURES:
        progress = Progress()
        progress.tell(MEASURES[name].title)
        measured[MEASURES[name].title] = list(MEASURES[name].run(effort, progress))
    figures = [figure for of_one in measured.values() for figure in of_one]
    print(as_json(figures) if asked.json else as_table(figures))
    if asked.write:
        write_page(as_markdown(measured))
    return 0 if all(figure.holds for figure in figures) else 1


def write_page(tables: str) -> None:
    """Put the tables, and what they were measured on, at the end of the page."""
    text = PAGE.read_text().partition(BEGIN)[0]
    PAGE.write_text(f"{text}{BEGIN}\nMeasured {machine()}.\n\n{tables}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(MEASURES), help="one measure")
    parser.add_argument("--full", action="store_true", help="longer, and with 1,000,000 bookings")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
