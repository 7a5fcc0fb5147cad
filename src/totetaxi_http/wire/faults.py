"""What is wrong with a value that came in, and where."""

from collections.abc import Iterator
from dataclasses import replace

from cattrs.errors import (
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)

from totetaxi_core.refusal import FieldFault

BODY = "body"
MOST_FAULTS = 500
_LONGEST_NAME = 64


class FaultyValueError(ValueError):
    """One value breaks its field's type or limit; the path is known to whoever catches it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def faults_of(error: Exception, *, root: str = BODY) -> tuple[FieldFault, ...]:
    """Return every fault in `error`, by dotted path; `root` names the value as a whole.

    At most `MOST_FAULTS`, so that a hostile body cannot ask for an endless answer.
    """
    found: list[FieldFault] = []
    for fault in _walk(error, ""):
        found.append(fault if fault.field else replace(fault, field=root))
        if len(found) == MOST_FAULTS:
            break
    return tuple(found)


def _walk(error: Exception, path: str) -> Iterator[FieldFault]:
    if isinstance(error, ClassValidationError):
        named, bare = error.group_exceptions()
        for inner, note in named:
            yield from _walk(inner, _join(path, note.name))
    elif isinstance(error, IterableValidationError):
        listed, bare = error.group_exceptions()
        for inner, place in listed:
            yield from _walk(inner, _join(path, str(place.index)))
    elif isinstance(error, ForbiddenExtraKeysError):
        for name in sorted(error.extra_fields):
            yield unknown_field(str(name), path)
        return
    else:
        yield _leaf(error, path)
        return
    for inner in bare:
        yield from _walk(inner, path)


def unknown_field(name: str, path: str = "") -> FieldFault:
    """Return the fault of sending `name`, shortened, below `path`."""
    shown = _join(path, name[:_LONGEST_NAME])
    return FieldFault(field=shown, code="unknown_field", message="is not a known field")


def _leaf(error: Exception, path: str) -> FieldFault:
    if isinstance(error, FaultyValueError):
        return FieldFault(field=path, code=error.code, message=error.message)
    if isinstance(error, KeyError):
        return FieldFault(field=path, code="missing", message="is required")
    # Anything else is a bug in a hook of ours: a 400 would hide it.
    raise error


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
