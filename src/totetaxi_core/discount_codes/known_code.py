"""A discount code and how it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from totetaxi_core.price_book import DiscountCode


class CodeState(StrEnum):
    """Whether customers may use it. `scheduled` is not valid yet, `used_up` has no use left."""

    ACTIVE = "active"
    PAUSED = "paused"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    USED_UP = "used_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCode:
    """`uses` are those that stand, counted across versions; `version` is the book it is read in."""

    code: DiscountCode
    uses: int
    state: CodeState
    version: int

    @classmethod
    def at(cls, now: datetime, code: DiscountCode, *, uses: int, version: int) -> "KnownCode":
        """Return how a code of the book of `version` stands at an instant."""
        state = _state(code, uses=uses, now=now)
        return cls(code=code, uses=uses, state=state, version=version)


def _state(code: DiscountCode, *, uses: int, now: datetime) -> CodeState:
    if not code.is_active:
        return CodeState.PAUSED
    if code.valid_until is not None and code.valid_until <= now:
        return CodeState.EXPIRED
    if code.max_uses is not None and uses >= code.max_uses:
        return CodeState.USED_UP
    if code.valid_from is not None and now < code.valid_from:
        return CodeState.SCHEDULED
    return CodeState.ACTIVE
