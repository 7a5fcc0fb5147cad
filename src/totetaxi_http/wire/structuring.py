"""From raw input to an attrs instance, or one refusal naming every fault.

A class may add the faults of its own rules to those of types with

    @classmethod
    def rule_faults(cls, good: Mapping[str, object], state: State) -> Iterable[FieldFault]: ...

which is called only when a field is bad already, with the fields that were good and
the application's state. When all fields are good, the domain itself refuses.
"""

from collections.abc import Callable, Iterable, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec
from cattrs import Converter
from cattrs.errors import BaseValidationError
from litestar.datastructures import State

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.converter import BODIES, QUERIES
from totetaxi_http.wire.faults import BODY, FaultyValueError, faults_of

_DECODER = msgspec.json.Decoder()


def structure_body(raw: bytes, kind: Any, *, state: State | None = None) -> Any:  # noqa: ANN401
    """Return the JSON `raw` as an instance of the type expression `kind`.

    Raises:
        InvalidInputError: it is not JSON (field `body`), or fields are bad.
    """
    try:
        value = _DECODER.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidInputError((_not_json(error),)) from error
    return _structure(value, kind, converter=BODIES, state=state)


def structure_query(
    pairs: Iterable[tuple[str, str]],
    kind: type[Any],
    *,
    listed: frozenset[str],
    state: State | None = None,
) -> Any:  # noqa: ANN401
    """Return the decoded query `pairs` as an instance of the attrs class `kind`.

    `listed` is what `list_fields(kind)` says; finding it out takes longer than all the rest.

    Raises:
        InvalidInputError: a parameter is unknown, repeated without being a list, or bad.
    """
    values: dict[str, Any] = {}
    repeated: list[FieldFault] = []
    for name, value in pairs:
        if name in listed:
            values.setdefault(name, []).append(value)
        elif name in values:
            repeated.append(FieldFault(field=name, code="repeated", message="is given twice"))
        else:
            values[name] = value
    return _structure(values, kind, converter=QUERIES, state=state, known=tuple(repeated))


def list_fields(kind: type[Any]) -> frozenset[str]:
    """Return the names of the fields of `kind` that hold a list."""
    hints = get_type_hints(kind)  # without include_extras: limits fall away
    return frozenset(name for name, hint in hints.items() if _holds_list(hint))


def _holds_list(hint: Any) -> bool:  # noqa: ANN401  a type expression has no type
    if get_origin(hint) in (Union, UnionType):
        return any(_holds_list(one) for one in get_args(hint))
    return get_origin(hint) is tuple


def _structure(
    value: Any,  # noqa: ANN401
    kind: Any,  # noqa: ANN401
    *,
    converter: Converter,
    state: State | None,
    known: tuple[FieldFault, ...] = (),
) -> Any:  # noqa: ANN401
    try:
        made = converter.structure(value, kind)
    except (BaseValidationError, FaultyValueError) as error:
        faults = known + faults_of(error)
    else:
        if not known:
            return made
        faults = known
    rules = _rule_faults(value, kind, converter=converter, state=state)
    bad = {fault.field for fault in faults}
    raise InvalidInputError(faults + tuple(rule for rule in rules if rule.field not in bad))


def _rule_faults(
    value: Any,  # noqa: ANN401
    kind: Any,  # noqa: ANN401
    *,
    converter: Converter,
    state: State | None,
) -> Iterable[FieldFault]:
    hook: Callable[..., Iterable[FieldFault]] | None = getattr(kind, "rule_faults", None)
    if hook is None or not isinstance(value, dict):
        return ()
    return hook(_good_fields(value, kind, converter=converter), state or State())


def _good_fields(
    value: Mapping[str, Any], kind: type[Any], *, converter: Converter
) -> Mapping[str, object]:
    """Return the fields that are good; one that was not sent has its default."""
    good: dict[str, object] = {}
    for field in attrs.fields(kind):
        if field.name not in value:
            if field.default is not attrs.NOTHING:
                good[field.name] = field.default
            continue
        try:
            good[field.name] = converter.structure(value[field.name], field.type)
        except (BaseValidationError, FaultyValueError):
            continue  # named already by the first pass
    return good


def _not_json(error: Exception) -> FieldFault:
    if isinstance(error, RecursionError):
        return FieldFault(field=BODY, code="too_deep", message="is nested too deeply")
    return FieldFault(field=BODY, code="not_json", message="must be valid JSON")
