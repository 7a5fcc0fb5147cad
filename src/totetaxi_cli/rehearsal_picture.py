"""Revenue by week before and under a draft, as a picture that needs nothing else to be shown."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from totetaxi_cli.output import money
from totetaxi_core.rehearsal.tally import Sums

HEIGHT, TOP, LEFT, BOTTOM = 320, 40, 90, 50
WEEK: Final = 24
BAR: Final = 9
MOST_DATES: Final = 26
BEFORE, AFTER = "#9aa5b1", "#1f6feb"
Week = tuple[date, Sums]


def write_picture(weeks: tuple[Week, ...], file: Path) -> None:
    """Write an SVG: two bars a week, by its Monday.

    Raises:
        FileExistsError: the file is there; it was left as it is.
    """
    with file.open("x", encoding="utf-8") as out:
        out.write(picture(weeks))


def picture(weeks: tuple[Week, ...]) -> str:
    """Return the SVG."""
    width = LEFT + max(12, len(weeks)) * WEEK + 20
    height = TOP + HEIGHT + BOTTOM
    most = max((max(one.before_cents, one.after_cents) for _, one in weeks), default=0) or 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        '<g font-family="sans-serif" font-size="11">',
        "<title>Revenue by week</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        *_legend(),
        *_scale(most, width),
        *(bar for place, week in enumerate(weeks) for bar in _bars(place, week, most)),
        *_dates(weeks),
        "</g>",
        "</svg>\n",
    ]
    return "\n".join(parts)


def _legend() -> Iterator[str]:
    for x, color, word in ((LEFT, BEFORE, "before"), (LEFT + 80, AFTER, "under the file")):
        yield f'<rect x="{x}" y="12" width="10" height="10" fill="{color}"/>'
        yield f'<text x="{x + 15}" y="21">{word}</text>'


def _scale(most: int, width: int) -> Iterator[str]:
    for quarter in range(5):
        y = TOP + HEIGHT - HEIGHT * quarter // 4
        yield f'<line x1="{LEFT}" x2="{width - 10}" y1="{y}" y2="{y}" stroke="#dddddd"/>'
        amount = money(most * quarter // 400 * 100).removesuffix(".00")
        yield f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{amount}</text>'


def _bars(place: int, week: Week, most: int) -> Iterator[str]:
    monday, sums = week
    bars = ((sums.before_cents, BEFORE), (sums.after_cents, AFTER))
    for side, (cents, color) in enumerate(bars):
        tall = HEIGHT * max(cents, 0) // most
        x, y = LEFT + place * WEEK + 2 + side * (BAR + 1), TOP + HEIGHT - tall
        yield f'<rect x="{x}" y="{y}" width="{BAR}" height="{tall}" fill="{color}">'
        yield f"<title>{monday}: {money(cents)}</title></rect>"


def _dates(weeks: tuple[Week, ...]) -> Iterator[str]:
    step = -(-len(weeks) // MOST_DATES) or 1
    for place, (monday, _) in enumerate(weeks):
        if place % step == 0:
            x, y = LEFT + place * WEEK + BAR, TOP + HEIGHT + 14
            yield f'<text transform="translate({x} {y}) rotate(45)">{monday:%m-%d}</text>'
