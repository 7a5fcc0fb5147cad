"""One difference between two price books, in words."""

from dataclasses import dataclass
from enum import StrEnum


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`path` has slugs in place of numbers: `surcharge_rules.weekend-mini_move.amount_cents`.

    `sentence` says what differs, `affects` for which bookings; `before` and `after` are words too,
    None where there is nothing.
    """

    path: str
    kind: ChangeKind
    sentence: str
    affects: str
    before: str | None = None
    after: str | None = None
