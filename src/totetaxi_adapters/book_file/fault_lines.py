"""The lines of a text at which the faults of its document stand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from totetaxi_adapters.book_file.yaml_text import load_yaml
from totetaxi_core.refusal import FieldFault, InvalidInputError


def with_lines(faults: Iterable[FieldFault], text: str) -> list[FieldFault]:
    """Return the faults, each with its line at the end of its message, as far as it is known.

    What is missing has the line of that which lacks it. JSON is read as the YAML it is too.
    """
    try:
        tree = load_yaml(text)
    except InvalidInputError:
        return list(faults)  # JSON that is no YAML, as with tabs: the paths must do
    return [_with_line(fault, tree) for fault in faults]


def _with_line(fault: FieldFault, tree: object) -> FieldFault:
    line = line_of(fault.field, tree)
    return fault if line is None else replace(fault, message=f"{fault.message} (line {line})")


def line_of(path: str, tree: object) -> int | None:
    """Return the line of a dotted path, or of the nearest part of it that is there."""
    line, place, rest = None, tree, path.split(".")
    while rest:
        step = _step(place, rest)
        if step is None:
            break
        line, place, rest = step
    return line


def _step(place: object, rest: list[str]) -> tuple[int, object, list[str]] | None:
    if isinstance(place, Mapping):
        # A zone's name may hold dots: the longest name that is there is meant.
        for length in range(len(rest), 0, -1):
            name = ".".join(rest[:length])
            key = next((key for key in place if str(key) == name), None)
            if key is not None:
                return _line(place, key), place[key], rest[length:]
    elif isinstance(place, list) and rest[0].isdigit() and int(rest[0]) < len(place):
        index = int(rest[0])
        return _line(place, index), place[index], rest[1:]
    return None


def _line(place: object, key: object) -> int:
    known = getattr(place, "lc").data[key]  # noqa: B009  ruamel's own, which mypy does not know
    return int(known[0]) + 1
