"""The two converters, of bodies and of queries, and the way out to JSON bytes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import attrs
import msgspec
from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.fns import identity
from cattrs.gen import make_dict_structure_fn

from totetaxi_http.wire import scalars
from totetaxi_http.wire.constraints import Constraint
from totetaxi_http.wire.faults import FaultyValueError

_PLAIN = frozenset({str, int, bool, UUID, date, NoneType})
_ENCODER = msgspec.json.Encoder()

Hook = Callable[[Any, Any], Any]


def body_converter() -> Converter:
    """Return a converter for JSON: no coercion, unknown fields refused, every fault named."""
    return _converter({int: scalars.whole, float: scalars.real, bool: scalars.truth})


def query_converter() -> Converter:
    """Return a converter for query text: numbers and truths are read from their spelling."""
    return _converter(
        {
            int: scalars.whole_in_query,
            float: scalars.real_in_query,
            bool: scalars.truth_in_query,
        }
    )


def _converter(numbers: Mapping[type, Hook]) -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    texts: Mapping[type, Hook] = {
        str: scalars.text,
        date: scalars.day,
        time: scalars.time_of_day,
        datetime: scalars.instant,
        UUID: scalars.identifier,
    }
    for kind, hook in {**texts, **numbers}.items():
        converter.register_structure_hook(kind, partial(_scalar_or_choice, hook))
    converter.register_structure_hook_func(_is_enum, scalars.choice)
    converter.register_structure_hook_factory(_is_optional, _optional_hook)
    converter.register_structure_hook_func(_is_literal, _literal)
    converter.register_structure_hook_factory(attrs.has, _object_hook)
    converter.register_structure_hook_factory(_is_list, _list_hook)
    converter.register_structure_hook_factory(_is_constrained, _constrained_hook)
    return converter


def _scalar_or_choice(hook: Hook, value: Any, kind: Any) -> Any:  # noqa: ANN401
    # cattrs dispatches by class, so a StrEnum comes here as the str it also is.
    return scalars.choice(value, kind) if _is_enum(kind) else hook(value, kind)


def _is_enum(kind: Any) -> bool:  # noqa: ANN401  a type expression has no type
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_literal(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is Literal


def _is_list(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) is tuple


def _is_optional(kind: Any) -> bool:  # noqa: ANN401
    return get_origin(kind) in (Union, UnionType) and get_args(kind)[1:] == (NoneType,)


def _is_constrained(kind: Any) -> bool:  # noqa: ANN401
    return constraint_of(kind) is not None


def constraint_of(kind: Any) -> Constraint | None:  # noqa: ANN401
    """Return the limit stated on the type expression `kind`, if there is one."""
    if get_origin(kind) is not Annotated:
        return None
    return next((note for note in kind.__metadata__ if isinstance(note, Constraint)), None)


def _literal(value: Any, kind: Any) -> Any:  # noqa: ANN401
    allowed = get_args(kind)
    if any(type(value) is type(one) and value == one for one in allowed):
        return value
    shown = ", ".join(str(one) for one in allowed)
    raise FaultyValueError("invalid_choice", f"must be one of: {shown}")


def _object_hook(kind: Any, converter: Any) -> Hook:  # noqa: ANN401
    inner = make_dict_structure_fn(kind, converter)

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            raise FaultyValueError("wrong_type", "must be an object")
        return inner(value, kind)

    return structure


def _list_hook(kind: Any, converter: Any) -> Hook:  # noqa: ANN401
    inner = homogenous_tuple_structure_factory(kind, converter)

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401
        if not isinstance(value, list):
            raise FaultyValueError("wrong_type", "must be a list")
        return inner(value, kind)

    return structure


def _optional_hook(kind: Any, converter: Any) -> Hook:  # noqa: ANN401
    # cattrs' own looks the inner hook up for every value.
    bare = get_args(kind)[0]
    hook = converter.get_structure_hook(bare)

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401
        return None if value is None else hook(value, bare)

    return structure


def _constrained_hook(kind: Any, converter: Any) -> Hook:  # noqa: ANN401
    constraint = constraint_of(kind)
    bare = kind.__origin__
    hook = converter.get_structure_hook(bare)

    def inner(value: Any) -> Any:  # noqa: ANN401
        return hook(value, bare)

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401
        return constraint.apply(value, inner) if constraint else inner(value)

    return structure


def _clock_time(value: time) -> str:
    return value.isoformat(timespec="minutes")


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant without a zone must not leave")
    return value.astimezone(UTC)


def _outward() -> Converter:
    converter = Converter()
    for kind in (date, UUID):
        converter.register_unstructure_hook(kind, identity)
    converter.register_unstructure_hook(time, _clock_time)
    converter.register_unstructure_hook(datetime, _utc)
    converter.register_unstructure_hook_func(_is_plain, identity)
    return converter


def _is_plain(kind: Any) -> bool:  # noqa: ANN401
    """Tell whether msgspec writes every field of an attrs class as we want it, unasked."""
    return attrs.has(kind) and all(
        _is_enum(option) or option in _PLAIN
        for hint in get_type_hints(kind).values()
        for option in (get_args(hint) or (hint,))
    )


BODIES = body_converter()
QUERIES = query_converter()
OUTWARD = _outward()


def json_bytes(content: object) -> bytes:
    """Return `content` as JSON: instants in UTC with Z, times `09:30`, fields in their order."""
    return _ENCODER.encode(OUTWARD.unstructure(content))
