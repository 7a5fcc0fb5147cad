"""Versions of the price book, and what differs between two, as staff see them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

import attrs

from totetaxi_core.price_book.change import Change, ChangeKind
from totetaxi_core.price_book.lint_book import LintNote
from totetaxi_core.price_book.published_version import PublishedVersion
from totetaxi_core.price_book.read_books import Shelf


class VersionState(StrEnum):
    IN_EFFECT = "in_effect"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    PAST = "past"


@attrs.frozen(kw_only=True)
class PriceBookVersionResponse:
    """A version without its prices. `based_on` is what it was measured against, 0 for the first.

    `based_on` and `reason` are null for those published before they were kept.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "version": 4,
        "title": "ToteTaxi 2027",
        "state": "waiting",
        "based_on": 3,
        "reason": "Weekends cost more from May on",
        "effective_at": "2027-05-01T04:00:00Z",
        "published_by": "maria",
        "published_at": "2026-11-23T15:00:00Z",
        "digest": "d1" * 32,
        "withdrawn_by": None,
        "withdrawn_at": None,
        "withdrawal_reason": None,
    }

    version: int
    title: str
    state: VersionState
    based_on: int | None
    reason: str | None
    effective_at: datetime
    published_by: str
    published_at: datetime
    digest: str
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None

    @classmethod
    def from_version(cls, one: PublishedVersion, *, shelf: Shelf) -> Self:
        withdrawal = one.withdrawal
        return cls(
            version=one.version,
            title=one.title,
            state=_state(one, shelf),
            based_on=one.based_on,
            reason=one.reason,
            effective_at=one.effective_at,
            published_by=one.published_by,
            published_at=one.published_at,
            digest=one.digest,
            withdrawn_by=withdrawal.withdrawn_by if withdrawal else None,
            withdrawn_at=withdrawal.withdrawn_at if withdrawal else None,
            withdrawal_reason=withdrawal.reason if withdrawal else None,
        )


@attrs.frozen(kw_only=True)
class ChangeResponse:
    """One difference: where, what in words, and for which bookings."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "path": "surcharge_rules.weekend-mini_move.amount_cents",
        "kind": "changed",
        "sentence": "Surcharge “Weekend, mini move”: the amount rises from $175.00 to $200.00.",
        "affects": "mini moves picked up on Saturdays, Sundays",
        "before": "$175.00",
        "after": "$200.00",
    }

    path: str
    kind: ChangeKind
    sentence: str
    affects: str
    before: str | None
    after: str | None

    @classmethod
    def from_change(cls, change: Change) -> Self:
        return cls(
            path=change.path,
            kind=change.kind,
            sentence=change.sentence,
            affects=change.affects,
            before=change.before,
            after=change.after,
        )


@attrs.frozen(kw_only=True)
class LintNoteResponse:
    """One thing that looks like a mistake."""

    code: str
    path: str
    message: str

    @classmethod
    def from_note(cls, note: LintNote) -> Self:
        return cls(code=note.code, path=note.path, message=note.message)


def _state(one: PublishedVersion, shelf: Shelf) -> VersionState:
    if one.withdrawal is not None:
        return VersionState.WITHDRAWN
    if one.version == shelf.current.version:
        return VersionState.IN_EFFECT
    is_waiting = shelf.waiting is not None and one.version == shelf.waiting.version
    return VersionState.WAITING if is_waiting else VersionState.PAST
