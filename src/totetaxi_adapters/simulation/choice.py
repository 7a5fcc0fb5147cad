"""Choices by a number that was drawn."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


def choose(draw: int, among: Iterable[T], *, name: Callable[[T], int]) -> T | None:
    """Choose one; leaving out others never changes which one it is.

    So a step keeps its meaning when a history is made shorter.
    """
    return min(among, key=lambda each: crc32(b"%d %d" % (draw, name(each))), default=None)


def nth(draw: int, among: Sequence[T]) -> T:
    """Return one of them; there is at least one."""
    return among[draw % len(among)]
