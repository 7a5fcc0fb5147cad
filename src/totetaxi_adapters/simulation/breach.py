"""A promise that did not hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Which promise, what was seen, and after which step; None: once all had come to rest."""

    promise: str
    what: str
    step: int | None
