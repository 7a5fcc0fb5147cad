"""Write a price book as a file to edit, in the words of an earlier one where there is one."""

import json
import re
from collections.abc import Mapping
from typing import Final

from totetaxi_adapters.book_file.arrange import arranged
from totetaxi_adapters.book_file.fresh_yaml import fresh_tree
from totetaxi_adapters.book_file.match_tree import match_tree
from totetaxi_adapters.book_file.read_book import BASED_ON, plain_document
from totetaxi_adapters.book_file.yaml_text import dump_yaml, load_yaml
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat, SourceText

INDENT: Final = 1
VERSION_LINE: Final = {
    BookFormat.YAML: re.compile(r"^based_on:[ ]*[0-9]+", re.MULTILINE),
    BookFormat.JSON: re.compile(r"^([{ ]*)\"based_on\":[ ]*[0-9]+", re.MULTILINE),
}


def write_book_file(
    book: PriceBook,
    *,
    format: BookFormat = BookFormat.YAML,  # noqa: A002  its name
    source: SourceText | None = None,
) -> str:
    """Return the text of a version, which says that it is based on it.

    `source` is the newest file published up to this version: its order and comments are kept, and
    where it holds the same document already, every character.
    """
    same = source if source is not None and source.format is format else None
    if same is not None and plain_document(same.text, format) == book.document:
        renumbered = _renumbered(same, book.version)
        if renumbered is not None:
            return renumbered
    if format is BookFormat.JSON:
        return _json(book, same)
    return _yaml(book, same)


def _renumbered(source: SourceText, version: int) -> str | None:
    """Return the text with another `based_on`, None where it has not just one to replace."""
    name = "based_on:" if source.format is BookFormat.YAML else '\\1"based_on":'
    text, replaced = VERSION_LINE[source.format].subn(f"{name} {version}", source.text)
    return text if replaced == 1 else None


def _json(book: PriceBook, source: SourceText | None) -> str:
    document = {BASED_ON: book.version, **arranged(book.document)}
    if source is not None:
        document = _ordered_as(document, plain_document(source.text, BookFormat.JSON))
        document = {BASED_ON: book.version, **document}
    return json.dumps(document, indent=INDENT, ensure_ascii=False) + "\n"


def _ordered_as(value: Mapping[str, object], like: object) -> dict[str, object]:
    """Return an object with the fields in the order of another; those it lacks come last."""
    if not isinstance(like, Mapping):
        return dict(value)
    order = [name for name in dict.fromkeys([*like, *value]) if name in value]
    return {name: _in_order_of(value[name], like.get(name)) for name in order}


def _in_order_of(value: object, like: object) -> object:
    if isinstance(value, Mapping):
        return _ordered_as(value, like)
    if isinstance(value, list) and isinstance(like, list):
        known = {one["id"]: one for one in like if isinstance(one, Mapping) and "id" in one}
        return [
            _ordered_as(one, known.get(one.get("id"))) if isinstance(one, Mapping) else one
            for one in value
        ]
    return value


def _yaml(book: PriceBook, source: SourceText | None) -> str:
    document = {BASED_ON: book.version, **arranged(book.document)}
    tree = None if source is None else load_yaml(source.text)
    if not isinstance(tree, Mapping):
        return dump_yaml(fresh_tree(document))
    return dump_yaml(match_tree(tree, document))
