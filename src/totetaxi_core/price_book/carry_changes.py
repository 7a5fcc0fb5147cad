"""Carry what one edit of a book changed onto another edit of the same book.

A rule changed while another version waits must not be forgotten on the day that one comes into
effect. Entries are told apart by their id, zones by their name, ZIPs by their digits.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from totetaxi_core.price_book.repository import PriceBookConflictError


class _Absent:
    """Stands where a document has nothing."""


ABSENT: Final = _Absent()
MOST_NAMED: Final = 5


def carry_changes(
    base: Mapping[str, object], changed: Mapping[str, object], onto: Mapping[str, object]
) -> dict[str, object]:
    """Return `onto` with everything that differs between `base` and `changed`.

    Raises:
        PriceBookConflictError: both changed the same thing, each in its way; names where.
    """
    merge = _Merge()
    merged = merge.mappings(base, changed, onto, path="")
    if merge.clashes:
        named = ", ".join(merge.clashes[:MOST_NAMED])
        rest = f" and {more} more" if (more := len(merge.clashes) - MOST_NAMED) > 0 else ""
        raise PriceBookConflictError(f"the version that waits changes this too: {named}{rest}")
    return merged


class _Merge:
    def __init__(self) -> None:
        self.clashes: list[str] = []

    def mappings(
        self,
        base: Mapping[str, object],
        mine: Mapping[str, object],
        theirs: Mapping[str, object],
        *,
        path: str,
    ) -> dict[str, object]:
        merged = {
            key: self._values(
                base.get(key, ABSENT),
                mine.get(key, ABSENT),
                theirs.get(key, ABSENT),
                path=f"{path}.{key}".lstrip("."),
            )
            for key in dict.fromkeys([*theirs, *mine])
        }
        return {key: value for key, value in merged.items() if value is not ABSENT}

    def _values(self, base: object, mine: object, theirs: object, *, path: str) -> object:
        if mine in (base, theirs):
            return theirs
        if theirs == base:
            return mine
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            kept = base if isinstance(base, Mapping) else {}
            return self.mappings(kept, mine, theirs, path=path)
        if (lists := _all_lists(base, mine, theirs)) is not None:
            if (entries := _by_id(lists)) is not None:
                return self._entries(*entries, path=path)
            if all(isinstance(value, str) for one in lists for value in one):
                return _members(*lists)
        self.clashes.append(path)
        return theirs

    def _entries(
        self,
        base: Mapping[str, object],
        mine: Mapping[str, object],
        theirs: Mapping[str, object],
        *,
        path: str,
    ) -> list[object]:
        merged = self.mappings(base, mine, theirs, path=path)
        is_reordered = _shared(mine, base) != _shared(base, mine)
        order = [*mine, *theirs] if is_reordered else [*theirs, *mine]
        return [merged[key] for key in dict.fromkeys(order) if key in merged]


def _all_lists(*values: object) -> list[Sequence[object]] | None:
    """Return three lists, what is absent as an empty one; None if one is something else."""
    found = [[] if value is ABSENT else value for value in values]
    lists = [value for value in found if isinstance(value, list | tuple)]
    return list(lists) if len(lists) == len(found) else None


def _by_id(lists: Iterable[Sequence[object]]) -> list[dict[str, object]] | None:
    keyed: list[dict[str, object]] = [
        {str(entry["id"]): entry for entry in one if isinstance(entry, Mapping) and "id" in entry}
        for one in lists
    ]
    is_whole = all(len(ids) == len(one) for ids, one in zip(keyed, lists, strict=True))
    return keyed if is_whole else None


def _members(base: Sequence[object], mine: Sequence[object], theirs: Sequence[object]) -> object:
    gone = set(base) - set(mine)
    kept = [
        value
        for value in dict.fromkeys([*theirs, *mine])
        if value not in gone and (value in theirs or value not in base)
    ]
    return kept or ABSENT  # an empty list is a fault; one left out is not


def _shared(keys: Iterable[str], among: Mapping[str, object]) -> list[str]:
    return [key for key in keys if key in among]
