"""Every field of a wire class by its dotted path, with the values it must refuse."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs

from tests.scenarios.alphabets import full_width
from tests.scenarios.guest import Json
from totetaxi_http.wire.constraints import Items, Real, Text, Whole
from totetaxi_http.wire.contact import EmailSyntax, PhoneSyntax
from totetaxi_http.wire.postal import StateSyntax, ZipSyntax

UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
HUGE: Final = "x" * 20_000
HUGE_NUMBER: Final = 10**400
NOT_TEXT: Final[Sequence[object]] = (5, 1.5, True, [], {}, ["x"])
NULL_BYTE: Final = "a\0b"
NO_JSON: Final = ("nan", "inf", "\ud800")
"""What Python writes and no JSON can hold: then the body as a whole is at fault."""
BY_TYPE: Final[Mapping[type, Sequence[object]]] = {
    str: NOT_TEXT,
    int: ("5", "", 1.5, True, [], {}, float("nan"), HUGE_NUMBER, -HUGE_NUMBER),
    float: ("5", True, [], {}, float("nan"), float("inf"), HUGE_NUMBER),
    bool: ("true", "", 0, 1, [], {}),
    date: (
        *NOT_TEXT,
        "",
        "2026-02-30",
        "2026-13-01",
        "12/01/2026",
        "today",
        full_width("2026-12-01"),
        HUGE,
    ),
    time: (*NOT_TEXT, "", "24:00", "9:00", "09:60", "9 am", "09:00Z", full_width("09:00"), HUGE),
    UUID: (*NOT_TEXT, "", "x", UNKNOWN[:-1], "{" + UNKNOWN + "}", HUGE),
}
BY_SYNTAX: Final[Mapping[type, Sequence[object]]] = {
    EmailSyntax: ("", "x", "a@", "@b.com", "a b@c.com", "a@b", HUGE + "@example.com"),
    PhoneSyntax: ("", "x", "123", "+1", "+999 1234567", HUGE, "555-0100"),
    ZipSyntax: ("", "1234", "123456", "10001-12", "ABCDE", full_width("10001"), "-0001", HUGE),
    StateSyntax: ("", "N", "NYC", "XX", full_width("NY"), "ny ny", HUGE),
}
BAD_IN_QUERY: Final[Mapping[type, Sequence[str]]] = {
    str: (),
    int: ("x", "", "1.5", "1e3", full_width("1"), "0x1", "9" * 400, "true"),
    bool: ("yes", "", "1", "True", "TRUE"),
    date: ("", "2026-02-30", "12/01/2026", "today", full_width("2026-12-01")),
    time: ("", "24:00", "9:00", "09:60", full_width("09:00")),
    UUID: ("", "x", UNKNOWN[:-1]),
}


@attrs.frozen(kw_only=True)
class Field:
    """One field by its dotted path, and what its type says."""

    path: str
    hint: Any
    is_required: bool

    def bad_values(self) -> Iterator[object]:
        """Yield JSON that this field must refuse."""
        bare, constraints = taken_apart(self.hint)
        if self.is_required:
            yield None
        if attrs.has(bare):
            yield from ("x", 5, True, [], ["x"])
            return
        if get_origin(bare) is tuple:
            yield from ("x", 5, True, {}, {"0": "x"}, ["x"], [None], [[]])
            yield from (
                [{}] * (one.max_length + 1) for one in constraints if isinstance(one, Items)
            )
            return
        if isinstance(bare, type) and issubclass(bare, Enum):
            yield from (*NOT_TEXT, "", "x", HUGE, NULL_BYTE, next(iter(bare)).value.upper())
            return
        yield from BY_TYPE[bare]
        for constraint in constraints:
            yield from _beyond(constraint)
        if bare in (str, date, time, UUID):
            yield from (NULL_BYTE, "\ud800")

    def bad_in_query(self) -> Iterator[str]:
        """Yield texts that this parameter must refuse."""
        bare, constraints = taken_apart(self.hint)
        if isinstance(bare, type) and issubclass(bare, Enum):
            yield from ("", "x", "\0")
            return
        if get_origin(bare) is tuple:
            yield from ("", "x", ":", f"{UNKNOWN}:", f"{UNKNOWN}:x", f"{UNKNOWN}:1:1", "\0")
            return
        yield from BAD_IN_QUERY[bare]
        for constraint in constraints:
            yield from (one for one in _beyond(constraint) if isinstance(one, str))
            yield from (str(one) for one in _beyond(constraint) if type(one) is int)
        yield "a\0b"


def fields_of(kind: type[Any], prefix: str = "") -> Iterator[Field]:
    """Yield every field, those of objects within included."""
    hints = get_type_hints(kind, include_extras=True)
    for field in attrs.fields(kind):
        path, hint = f"{prefix}{field.name}", hints[field.name]
        optional = field.default is not attrs.NOTHING or NoneType in get_args(hint)
        yield Field(path=path, hint=hint, is_required=not optional)
        bare, _ = taken_apart(hint)
        if attrs.has(bare):
            yield from fields_of(bare, f"{path}.")
        elif get_origin(bare) is tuple and attrs.has(inner := taken_apart(get_args(bare)[0])[0]):
            yield from fields_of(inner, f"{path}.0.")


def taken_apart(hint: Any) -> tuple[Any, tuple[object, ...]]:  # noqa: ANN401  type expressions have no type
    """Return the bare type, less None, and the limits stated on it."""
    constraints: tuple[object, ...] = ()
    while True:
        if get_origin(hint) is Annotated:
            constraints += hint.__metadata__
            hint = hint.__origin__
        elif NoneType in get_args(hint):
            hint = next(one for one in get_args(hint) if one is not NoneType)
        else:
            return hint, constraints


def _beyond(constraint: object) -> Iterator[object]:
    """Yield values just beyond a limit, and far beyond it."""
    if isinstance(constraint, Text):
        yield from ("x" * (constraint.max_length + 1), HUGE, "a\x07b")
        if constraint.min_length:
            yield from ("", "   ", "\u2003") if constraint.trim else ("",)
    elif isinstance(constraint, Whole):
        if constraint.minimum is not None:
            yield from (constraint.minimum - 1, -1_000_000_000_000)
        if constraint.maximum is not None:
            yield constraint.maximum + 1
    elif isinstance(constraint, Real):
        yield from (number for number in (-1_000.0, 1_000.0))
    else:
        yield from BY_SYNTAX.get(type(constraint), ())


def with_value(body: Json, path: str, value: object) -> Json:
    """Return a copy of the body with the value at the dotted path."""
    copy: Json = json.loads(json.dumps(body))
    place: Any = copy
    *parents, last = path.split(".")
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
    place[last] = value
    return copy


def without(body: Json, path: str) -> Json:
    copy = with_value(body, path, None)
    place: Any = copy
    *parents, last = path.split(".")
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    del place[last]
    return copy
