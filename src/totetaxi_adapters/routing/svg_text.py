"""Pieces of SVG: what is written into them is escaped, and fit for XML."""

from collections.abc import Mapping
from html import escape

from totetaxi_adapters.routing.map_frame import Box, Spot

FONT = "font-family='Helvetica, Arial, sans-serif'"


def text(spot: Spot, words: str, *, size: int = 12, **look: str) -> str:
    return (
        f'<text x="{spot.x:.1f}" y="{spot.y:.1f}" font-size="{size}"{_look(look)}>'
        f"{plain(words)}</text>"
    )


def line(start: Spot, end: Spot, **look: str) -> str:
    ends = f'x1="{start.x:.1f}" y1="{start.y:.1f}" x2="{end.x:.1f}" y2="{end.y:.1f}"'
    return f"<line {ends}{_look(look)}/>"


def rectangle(box: Box, *, round_px: float = 0, **look: str) -> str:
    sides = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect {sides} rx="{round_px:g}"{_look(look)}/>'


def polygon(corners: tuple[Spot, ...], **look: str) -> str:
    points = " ".join(f"{one.x:.1f},{one.y:.1f}" for one in corners)
    return f'<polygon points="{points}"{_look(look)}/>'


def plain(words: str) -> str:
    """Return the words escaped, without the characters that XML has no place for."""
    return escape("".join(one for one in words if one.isprintable()))


def _look(look: Mapping[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{plain(value)}"' for name, value in look.items())
