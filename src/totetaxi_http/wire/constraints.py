"""Limits of a field, stated once on its type: they check the value and fill the OpenAPI document.

name: Annotated[str, Text(max_length=100)]
quantity: Annotated[int, Whole(minimum=1, maximum=5)]
items: Annotated[tuple[Item, ...], Items(max_length=10)]
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from totetaxi_http.wire.faults import FaultyValueError

Structure = Callable[[Any], Any]

# With the terminal's (U+0080…), hidden line breaks, and marks that turn a text around.
_HIDDEN = r"\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(rf"[\x00-\x1f{_HIDDEN}]")
_CONTROL_BUT_BREAKS = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_HIDDEN}]")


class Constraint(ABC):
    """A limit put on a type with `Annotated`."""

    @abstractmethod
    def apply(self, value: Any, inner: Structure) -> Any:  # noqa: ANN401  whatever JSON holds
        """Return `value` structured by `inner` and within the limit.

        Raises:
            FaultyValueError: it is not.
        """

    @abstractmethod
    def keywords(self) -> Mapping[str, Any]:
        """Return the limit as attributes of Litestar's OpenAPI `Schema`."""


@attrs.frozen(kw_only=True)
class Text(Constraint):
    """Text without control characters, trimmed; counted in characters after trimming.

    `multiline` lets line breaks and tabs pass; `trim=False` is for passwords and tokens.
    """

    max_length: int
    min_length: int = 1
    multiline: bool = False
    trim: bool = True
    pattern: str | None = None
    """A regular expression the whole text must match."""

    def apply(self, value: Any, inner: Structure) -> str:  # noqa: ANN401
        text: str = inner(value)
        text = text.strip() if self.trim else text
        self._check_length(text)
        if (_CONTROL_BUT_BREAKS if self.multiline else _CONTROL).search(text):
            raise FaultyValueError("control_character", "must not hold control characters")
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            raise FaultyValueError("bad_format", f"must match {self.pattern}")
        return text

    def _check_length(self, text: str) -> None:
        if not text and self.min_length:
            raise FaultyValueError("blank", "must not be blank")
        if len(text) < self.min_length:
            raise FaultyValueError("too_short", f"must have at least {self.min_length} characters")
        if len(text) > self.max_length:
            raise FaultyValueError("too_long", f"must have at most {self.max_length} characters")

    def keywords(self) -> Mapping[str, Any]:
        stated = {"max_length": self.max_length, "min_length": self.min_length or None}
        return stated | {"pattern": self.pattern and f"^{self.pattern}$"}


@attrs.frozen(kw_only=True)
class Whole(Constraint):
    """A whole number from `minimum` to `maximum`, both included."""

    minimum: int | None = None
    maximum: int | None = None

    def apply(self, value: Any, inner: Structure) -> int:  # noqa: ANN401
        number: int = inner(value)
        _check_range(number, minimum=self.minimum, maximum=self.maximum)
        return number

    def keywords(self) -> Mapping[str, Any]:
        return {"minimum": self.minimum, "maximum": self.maximum}


@attrs.frozen(kw_only=True)
class Real(Constraint):
    """A finite number from `minimum` to `maximum`, both included: coordinates, never money."""

    minimum: float
    maximum: float

    def apply(self, value: Any, inner: Structure) -> float:  # noqa: ANN401
        number: float = inner(value)
        if not math.isfinite(number):
            raise FaultyValueError("not_finite", "must be a finite number")
        _check_range(number, minimum=self.minimum, maximum=self.maximum)
        return number

    def keywords(self) -> Mapping[str, Any]:
        return {"minimum": self.minimum, "maximum": self.maximum}


@attrs.frozen(kw_only=True)
class Items(Constraint):
    """How many entries a list has; a longer one is refused before its entries are read."""

    max_length: int
    min_length: int = 0

    def apply(self, value: Any, inner: Structure) -> Any:  # noqa: ANN401
        if isinstance(value, list):
            if len(value) > self.max_length:
                raise FaultyValueError(
                    "too_many_items", f"must have at most {self.max_length} entries"
                )
            if len(value) < self.min_length:
                raise FaultyValueError(
                    "too_few_items", f"must have at least {self.min_length} entries"
                )
        return inner(value)

    def keywords(self) -> Mapping[str, Any]:
        return {"max_items": self.max_length, "min_items": self.min_length or None}


@attrs.frozen
class ColonSeparated(Constraint):
    """A small attrs class written as one text in a query: `id:quantity` for those two fields."""

    fields: tuple[str, ...]

    def apply(self, value: Any, inner: Structure) -> Any:  # noqa: ANN401
        if not isinstance(value, str):
            return inner(value)
        parts = value.split(":")
        if len(parts) != len(self.fields):
            raise FaultyValueError("bad_format", f"must be written {':'.join(self.fields)}")
        return inner(dict(zip(self.fields, parts, strict=True)))

    def keywords(self) -> Mapping[str, Any]:
        pattern = ":".join("[^:]+" for _ in self.fields)
        return {"pattern": f"^{pattern}$", "description": ":".join(self.fields)}


def _check_range(number: float, *, minimum: float | None, maximum: float | None) -> None:
    if minimum is not None and number < minimum:
        raise FaultyValueError("too_small", f"must be at least {minimum}")
    if maximum is not None and number > maximum:
        raise FaultyValueError("too_large", f"must be at most {maximum}")
