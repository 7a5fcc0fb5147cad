"""Strict scalars: what JSON says is what is meant; query text is read by its field's type."""

import math
import re
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from totetaxi_http.wire.faults import FaultyValueError

# Dates, times and the ids of what we sell come again and again; a bad value is never remembered.
_REMEMBERED = 1_024
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_WHOLE = re.compile(r"-?\d{1,30}", re.ASCII)
_REAL = re.compile(r"-?\d{1,15}(\.\d{1,20})?", re.ASCII)


def text(value: Any, _: object = None) -> str:  # noqa: ANN401  whatever JSON holds
    if not isinstance(value, str):
        raise FaultyValueError("wrong_type", "must be text")
    if "\x00" in value:
        raise FaultyValueError("null_byte", "must not hold a null byte")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise FaultyValueError("not_unicode", "must be valid Unicode text") from error
    return value


def whole(value: Any, _: object = None) -> int:  # noqa: ANN401
    if type(value) is not int:  # a bool is an int to isinstance
        raise FaultyValueError("wrong_type", "must be a whole number")
    return value


def real(value: Any, _: object = None) -> float:  # noqa: ANN401
    if type(value) not in (int, float):
        raise FaultyValueError("wrong_type", "must be a number")
    try:
        number = float(value)
    except OverflowError as error:
        raise FaultyValueError("too_large", "is too large a number") from error
    if not math.isfinite(number):
        raise FaultyValueError("not_finite", "must be a finite number")
    return number


def truth(value: Any, _: object = None) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise FaultyValueError("wrong_type", "must be true or false")
    return value


def day(value: Any, _: object = None) -> date:  # noqa: ANN401
    """Read `2026-12-01`."""
    if not isinstance(value, str):
        raise FaultyValueError("wrong_type", "must be a date such as 2026-12-01")
    return _day(value)


@lru_cache(maxsize=_REMEMBERED)
def _day(value: str) -> date:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # such as 2026-02-30: the same fault as below
    raise FaultyValueError("not_a_date", "must be a date such as 2026-12-01")


def time_of_day(value: Any, _: object = None) -> time:  # noqa: ANN401
    """Read `09:30` or `09:30:00`."""
    if not isinstance(value, str):
        raise FaultyValueError("wrong_type", "must be a time such as 09:30")
    return _time(value)


@lru_cache(maxsize=_REMEMBERED)
def _time(value: str) -> time:
    try:
        if _TIME.fullmatch(value):
            return time.fromisoformat(value)
    except ValueError:
        pass  # such as 25:00: the same fault as below
    raise FaultyValueError("not_a_time", "must be a time such as 09:30")


def instant(value: Any, _: object = None) -> datetime:  # noqa: ANN401
    """Read an ISO 8601 instant with its offset; it comes back in UTC."""
    if not isinstance(value, str):
        raise FaultyValueError("wrong_type", "must be an instant such as 2026-12-01T14:30:00Z")
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass  # no such instant: the same fault as below
    raise FaultyValueError("not_an_instant", "must be an instant such as 2026-12-01T14:30:00Z")


def identifier(value: Any, _: object = None) -> UUID:  # noqa: ANN401
    if not isinstance(value, str):
        raise FaultyValueError("wrong_type", "must be a UUID")
    return _identifier(value)


@lru_cache(maxsize=_REMEMBERED)
def _identifier(value: str) -> UUID:
    if not _UUID.fullmatch(value):
        raise FaultyValueError("not_a_uuid", "must be a UUID")
    return UUID(value)


def choice(value: Any, kind: type[Enum]) -> Enum:  # noqa: ANN401
    """Read a member of the enum `kind` by its value."""
    try:
        member = kind(value)
        if type(value) is type(member.value):
            return member
    except ValueError:
        pass  # no such member: the same fault as below
    allowed = ", ".join(str(member.value) for member in kind)
    raise FaultyValueError("invalid_choice", f"must be one of: {allowed}")


def whole_in_query(value: Any, _: object = None) -> int:  # noqa: ANN401
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise FaultyValueError("wrong_type", "must be a whole number")
    return int(value)


def real_in_query(value: Any, _: object = None) -> float:  # noqa: ANN401
    if not isinstance(value, str) or not _REAL.fullmatch(value):
        raise FaultyValueError("wrong_type", "must be a number")
    return float(value)


def truth_in_query(value: Any, _: object = None) -> bool:  # noqa: ANN401
    if value not in ("true", "false"):
        raise FaultyValueError("wrong_type", "must be true or false")
    return bool(value == "true")
