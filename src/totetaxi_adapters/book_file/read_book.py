"""Read a price book from the text of a file, and name every fault by its path and line."""

import json
from collections.abc import Mapping
from typing import Final

from totetaxi_adapters.book_file.fault_lines import with_lines
from totetaxi_adapters.book_file.yaml_text import load_yaml, plain
from totetaxi_core.price_book.draft import Draft
from totetaxi_core.price_book.entry_ids import with_ids
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat
from totetaxi_core.refusal import FieldFault, InvalidInputError, faults_of

BASED_ON: Final = "based_on"
MAX_CHARACTERS: Final = 5_000_000
ZIP_DIGITS: Final = 5


def read_book_file(text: str, *, format: BookFormat | None = None) -> Draft:  # noqa: A002  its name
    """Return the sound draft that a text holds; its format is guessed unless told.

    Entries without an id get one; ZIPs written as numbers are taken as text. The field `based_on`
    is of the file and not of the document.

    Raises:
        InvalidInputError: it is neither YAML nor JSON, or names every fault by path and line.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"must be at most {MAX_CHARACTERS:,} characters"
        raise InvalidInputError([FieldFault(field="file", code="too_long", message=message)])
    chosen = format or (BookFormat.JSON if text.lstrip().startswith("{") else BookFormat.YAML)
    parsed = _json(text) if chosen is BookFormat.JSON else plain(load_yaml(text))
    given = _with_text_zips(parsed)
    faults = list(_version_faults(given))
    document = with_ids(_without_version(given))
    faults += faults_of(lambda: PriceBook.from_document(document))
    if faults or not isinstance(document, Mapping):
        raise InvalidInputError(with_lines(faults, text))
    return Draft(document=document, source_text=text, format=chosen, based_on=_version_of(given))


def plain_document(text: str, chosen: BookFormat) -> object:
    """Return the document a text holds as it is written there, sound or not.

    Raises:
        InvalidInputError: it is neither YAML nor JSON.
    """
    parsed = _json(text) if chosen is BookFormat.JSON else plain(load_yaml(text))
    return _without_version(_with_text_zips(parsed))


def _json(text: str) -> object:
    try:
        parsed: object = json.loads(
            text, object_pairs_hook=_distinct, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise _no_json(f"line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise _no_json(str(error)) from error
    return parsed


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} stands twice in one object")
        found[name] = value
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


def _no_json(problem: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field="file", code="not_json", message=problem)])


def _with_text_zips(document: object) -> object:
    """Return the document with its ZIPs as text: people write 10001 without quotes."""
    if not isinstance(document, Mapping):
        return document
    found = dict(document)
    if isinstance(zones := found.get("zones"), Mapping):
        found["zones"] = {name: _texts(listed) for name, listed in zones.items()}
    if isinstance(rules := found.get("surcharge_rules"), list):
        found["surcharge_rules"] = [
            {**rule, "zip_codes": _texts(rule["zip_codes"])}
            if isinstance(rule, Mapping) and "zip_codes" in rule
            else rule
            for rule in rules
        ]
    return found


def _texts(values: object) -> object:
    if not isinstance(values, list):
        return values
    return [f"{value:0{ZIP_DIGITS}d}" if _is_number(value) else value for value in values]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _version_of(given: object) -> int | None:
    version = given.get(BASED_ON) if isinstance(given, Mapping) else None
    return version if isinstance(version, int) else None


def _version_faults(given: object) -> list[FieldFault]:
    version = given.get(BASED_ON) if isinstance(given, Mapping) else None
    if version is None or (
        isinstance(version, int) and not isinstance(version, bool) and version > 0
    ):
        return []
    return [FieldFault(field=BASED_ON, code="wrong_type", message="must be a version such as 3")]


def _without_version(given: object) -> object:
    if not isinstance(given, Mapping):
        return given
    return {name: value for name, value in given.items() if name != BASED_ON}
