"""When a provider does not answer."""

from collections import deque
from enum import Enum, auto


class Outage(Enum):
    """Whether the call that got no answer had acted."""

    BEFORE_ACTING = auto()
    AFTER_ACTING = auto()


class OutagePlan:
    """What goes wrong with the calls to come: those planned first, then the lasting one."""

    def __init__(self) -> None:
        self._planned: deque[Outage | None] = deque()
        self._lasting: Outage | None = None

    def plan(self, *outages: Outage | None) -> None:
        """Let the next calls fail, one each; None lets one pass."""
        self._planned.extend(outages)

    def last(self, outage: Outage) -> None:
        """Let every call fail until `end`."""
        self._lasting = outage

    def end(self) -> None:
        """Forget all plans: every call passes."""
        self._planned.clear()
        self._lasting = None

    def take(self) -> Outage | None:
        """Return what goes wrong with this call."""
        return self._planned.popleft() if self._planned else self._lasting
