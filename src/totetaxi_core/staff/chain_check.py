"""Find what was changed, removed or inserted in the chain of staff acts, and where."""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from totetaxi_core.staff.act_chain import is_as_recorded
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.staff_act import RecordedAct

ERASED: Final = "act_erased"
_REMEMBERED = 1_000


class FaultKind(StrEnum):
    """BROKEN: one does not follow the other, so that an act was rewritten or is missing."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    BROKEN = "broken"
    ERASED_OFF_RECORD = "erased_off_record"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """From position `first` to `last`, both included."""

    kind: FaultKind
    first: int
    last: int


class ChainCheck:
    """Takes the acts in the chain's order. An exported `head` must be found on the way."""

    def __init__(self, *, head: ChainHead | None = None) -> None:
        self._wanted = head if head is not None and head.position else None
        self._faults: list[ChainFault] = []
        self._end = ChainHead()
        self._recent: OrderedDict[str, int] = OrderedDict({self._end.digest: 0})
        self._erased: dict[str, int] = {}
        self._erasures: set[str] = set()

    @property
    def end(self) -> ChainHead:
        """The head, as far as it was checked."""
        return self._end

    def take(self, recorded: RecordedAct) -> None:
        """Check the next act."""
        link = recorded.link
        self._check_place(recorded)
        if not is_as_recorded(recorded):
            self._fault(FaultKind.CHANGED, link.position)
        if self._wanted is not None and link.position >= self._wanted.position:
            if link.position == self._wanted.position and link.digest != self._wanted.digest:
                self._fault(FaultKind.CUT, link.position)
            self._wanted = None
        self._note_erasure(recorded)
        self._end = link.head
        self._recent[link.digest] = link.position
        if len(self._recent) > _REMEMBERED:
            self._recent.popitem(last=False)

    def faults(self) -> tuple[ChainFault, ...]:
        """Return what was found, in order, once every act was taken."""
        off_record = [
            ChainFault(FaultKind.ERASED_OFF_RECORD, position, position)
            for subject, position in self._erased.items()
            if subject not in self._erasures
        ]
        cut = [] if self._wanted is None else [self._cut_off(self._wanted)]
        return tuple(sorted([*self._faults, *off_record, *cut], key=lambda fault: fault.first))

    def _check_place(self, recorded: RecordedAct) -> None:
        link, end = recorded.link, self._end
        if link.position > end.position + 1:
            self._fault(FaultKind.REMOVED, end.position + 1, link.position - 1)
        elif link.previous_digest != end.digest:
            before = self._recent.get(link.previous_digest)
            if before is None:
                self._fault(FaultKind.BROKEN, end.position, link.position)
            else:
                self._fault(FaultKind.INSERTED, before + 1, end.position)

    def _note_erasure(self, recorded: RecordedAct) -> None:
        act = recorded.act
        if recorded.link.salt is None:
            self._erased[f"act:{act.id}"] = recorded.link.position
        if act.action_type == ERASED and act.subject is not None and not act.is_refused:
            self._erasures.add(act.subject)

    def _cut_off(self, wanted: ChainHead) -> ChainFault:
        return ChainFault(FaultKind.CUT, self._end.position + 1, wanted.position)

    def _fault(self, kind: FaultKind, first: int, last: int | None = None) -> None:
        self._faults.append(ChainFault(kind, first, first if last is None else last))
