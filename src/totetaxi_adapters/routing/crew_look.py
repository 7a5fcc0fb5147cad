"""How a crew is told from the others on the map: by its colour, then by dashes."""

from typing import Final, NamedTuple

COLOURS: Final = (
    "#1b6ca8",
    "#b3261e",
    "#1e7d45",
    "#6f3c98",
    "#a85f00",
    "#00707a",
    "#a3195b",
    "#4b5563",
    "#6b5b00",
    "#5d4037",
)
DASHES: Final = ("none", "8 4", "2 3", "10 3 2 3")


class CrewLook(NamedTuple):
    colour: str
    dashes: str


def crew_look(crew: int) -> CrewLook:
    """Return the look of a crew, counted from 1; forty differ."""
    turn, colour = divmod(crew - 1, len(COLOURS))
    return CrewLook(COLOURS[colour], DASHES[turn % len(DASHES)])
