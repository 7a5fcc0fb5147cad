"""What each of Onfleet's refusals means to us: by HTTP status, then subcode, then cause."""

import json
import re
from typing import Final

import attrs

from totetaxi_adapters.onfleet.answer_fields import number, part, text
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
)
from totetaxi_core.refusal import DomainError

NOT_OUR_KEY: Final = (401, 403)
NOT_FOUND: Final = 404
# 412 is their word for a container others are writing to; 408 and 425 are a proxy's.
PASSING: Final = (408, 412, 425, 429)
SERVER_ERROR: Final = 500
CLIENT_ERROR: Final = 400
UNCHANGED: Final = 1002
KEY_CODES: Final = range(1100, 1113)
FORBIDDEN: Final = 1300
TOO_MANY: Final = (2300, 2301)
THEIR_FAULT: Final = 2500
_LONGEST = 300
_NUMBER = re.compile(r"\+?\d[\d\s().-]{6,}\d")


class CourierUnchangedError(CourierRefusedError):
    """There was nothing to change: as good as done."""


@attrs.frozen(kw_only=True)
class ErrorAnswer:
    """An answer that is no success. `is_theirs` tells Onfleet's own words from a proxy's page."""

    status: int
    is_theirs: bool
    subcode: int | None = None
    said: str = ""
    request: str = ""

    def __str__(self) -> str:
        facts = [f"HTTP {self.status}", str(self.subcode or ""), self.said]
        facts.append(f"request {self.request}" if self.request else "")
        return ", ".join(fact for fact in facts if fact)


def error_answer(status: int, body: bytes) -> ErrorAnswer:
    """Read the body of a failure, whatever it is."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ErrorAnswer(status=status, is_theirs=False)
    if not isinstance(answer, dict) or not answer.keys() & {"code", "message"}:
        return ErrorAnswer(status=status, is_theirs=False)
    told = part(answer, "message")
    subcode = number(told, "error")
    return ErrorAnswer(
        status=status,
        is_theirs=True,
        subcode=None if subcode is None else int(subcode),
        said=_said(told.get("cause")) or _said(text(told, "message") or answer.get("message")),
        request=text(told, "request"),
    )


def refusal_of(answer: ErrorAnswer) -> DomainError:
    """Return our refusal of a call that Onfleet did not do."""
    said, status = str(answer), answer.status
    if status in NOT_OUR_KEY:
        return CourierMisconfiguredError(said)
    if status in PASSING or status >= SERVER_ERROR or status < CLIENT_ERROR:
        return CourierUnavailableError(said)
    if not answer.is_theirs:
        # Not even a 404 says anything about a task, if somebody else wrote it.
        return CourierUnavailableError(f"{said}, not in Onfleet's words: is its address right?")
    if status == NOT_FOUND:
        return CourierTaskNotFoundError(said)
    return _by_subcode(answer.subcode or 0, said)


def _by_subcode(subcode: int, said: str) -> DomainError:
    if subcode in KEY_CODES or subcode == FORBIDDEN:
        return CourierMisconfiguredError(said)
    if subcode in TOO_MANY or subcode >= THEIR_FAULT:
        return CourierUnavailableError(said)
    if subcode == UNCHANGED:
        return CourierUnchangedError(said)
    return CourierRefusedError(said)


def _said(cause: object) -> str:
    """Return their words in short, without telephone numbers; of an object, its kind and key."""
    if isinstance(cause, dict):
        cause = " ".join(one for one in (text(cause, "type"), text(cause, "key")) if one)
    said = cause if isinstance(cause, str) else ""
    return _NUMBER.sub("…", " ".join(said.split()))[:_LONGEST]
