"""Checks on what a call sends, strict: what Onfleet does not document is refused."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

import attrs

from totetaxi_adapters.sandbox.onfleet.refusal import Json, invalid

EARLIEST_MS: Final = 10**12  # in 2001: whatever is less was not milliseconds
LATEST_MS: Final = 10**14


class Fields:
    """The fields of one JSON object; `where` names it in refusals."""

    def __init__(self, body: object, *, where: str = "body") -> None:
        if not isinstance(body, dict):
            raise invalid(f"{where} must be an object")
        self._body: Json = body
        self._where = where

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def refuse_unknown(self, known: Iterable[str]) -> None:
        unknown = sorted(set(self._body) - set(known))
        if unknown:
            raise invalid(f"{self._where} has unknown properties: {', '.join(unknown)}")

    def value(self, name: str) -> Any:  # noqa: ANN401  any JSON
        return self._body.get(name)

    def text(self, name: str, *, most: int = 10_000) -> str | None:
        value = self.value(name)
        if value is not None and (not isinstance(value, str) or len(value) > most):
            self._refuse(name, f"a string of at most {most} characters")
        return value

    def required_text(self, name: str, *, most: int = 1_000) -> str:
        value = self.text(name, most=most)
        if not value:
            self._refuse(name, "a string that is not empty")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._refuse(name, "a boolean")
        return value

    def number(self, name: str, *, default: float) -> float:
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            self._refuse(name, "a number of at least 0")
        return value

    def instant_ms(self, name: str) -> int | None:
        value = self.value(name)
        if value is None:
            return None
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not EARLIEST_MS <= value < LATEST_MS:
            self._refuse(name, "Unix time in milliseconds")
        return int(value)

    def listed(self, name: str, *, most: int = 1_000) -> list[Any]:
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            self._refuse(name, f"an array of at most {most}")
        return value

    def texts(self, name: str) -> list[str]:
        values = self.listed(name)
        if not all(isinstance(value, str) for value in values):
            self._refuse(name, "an array of strings")
        return values

    def group(self, name: str) -> "Fields":
        return Fields(self.value(name), where=name)

    def _refuse(self, name: str, wanted: str) -> NoReturn:
        raise invalid(f"{name} must be {wanted}")


@attrs.frozen(kw_only=True)
class Asked:
    """What a call asks: its query, and its JSON."""

    query: Mapping[str, str]
    body: Any

    def fields(self, *known: str) -> Fields:
        fields = Fields(self.body)
        fields.refuse_unknown(known)
        return fields

    def instant_ms(self, name: str) -> int | None:
        value = self.query.get(name)
        if value is None:
            return None
        if not value.isdecimal() or not value.isascii() or len(value) > len(str(LATEST_MS)):
            raise invalid(f"{name} must be Unix time in milliseconds")
        return int(value)

    def choices(self, name: str) -> frozenset[str] | None:
        """Read a comma-separated list; None where there is none."""
        value = self.query.get(name)
        return frozenset(value.split(",")) if value else None


def read_asked(query: str, body: bytes) -> Asked:
    """Read a call.

    Raises:
        OnfleetRefusal: its body is no JSON, or holds what no database keeps.
    """
    try:
        read = json.loads(body) if body.strip() else {}
        asked = dict(parse_qsl(query, keep_blank_values=True, errors="strict"))
        kept = _can_be_kept(read) and _can_be_kept(asked)
    except (ValueError, RecursionError) as error:
        raise invalid("the request is not valid JSON") from error
    if not kept:
        raise invalid("the request holds characters or numbers that cannot be kept")
    return Asked(query=asked, body=read)


def _can_be_kept(value: object) -> bool:
    if isinstance(value, dict):
        return all(_can_be_kept(name) and _can_be_kept(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(_can_be_kept(inner) for inner in value)
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return not isinstance(value, float) or math.isfinite(value)
