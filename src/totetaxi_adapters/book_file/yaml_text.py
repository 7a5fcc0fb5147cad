"""YAML as people write it: dates and ZIPs are plain text, and comments stay.

Source: https://yaml.dev/doc/ruamel.yaml/; https://yaml.org/spec/1.2.2/#103-core-schema.
"""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.composer import Composer, ComposerError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from totetaxi_core.document import is_storable
from totetaxi_core.refusal import FieldFault, InvalidInputError

MAX_DEPTH: Final = 20
WIDTH: Final = 100
TAG: Final = "tag:yaml.org,2002:"
NULL = (f"{TAG}null", re.compile(r"~|null|Null|NULL|"))
BOOL = (f"{TAG}bool", re.compile(r"true|True|TRUE|false|False|FALSE"))
WHOLE = (f"{TAG}int", re.compile(r"[-+]?(0|[1-9][0-9]*)"))
NUMBER = (f"{TAG}float", re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"))


class _Resolver(VersionedResolver):
    """Knows words and numbers, and no more: 07302 and 2027-05-01 are text."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:  # noqa: ANN401  as the base's
        if kind is ScalarNode and implicit[0]:
            for tag, pattern in (NULL, BOOL, WHOLE, NUMBER):
                if pattern.fullmatch(value):
                    return Tag(suffix=tag)
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


class _Composer(Composer):
    """Takes no aliases: a short file could stand for an endless document."""

    def return_alias(self, a: Any) -> Any:  # noqa: ANN401  as the base's
        raise ComposerError(None, None, "aliases (*) are not read here", a.start_mark)


def load_yaml(text: str) -> object:
    """Return the tree of a text; its mappings and lists know their lines and comments.

    Raises:
        InvalidInputError: it is no YAML, with the line.
    """
    try:
        return _yaml().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark is not None else ""
        raise _no_yaml(f"{line}{error.problem or error.context}") from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise _no_yaml(" ".join(str(error).split())) from error


def dump_yaml(tree: CommentedMap) -> str:
    written = StringIO()
    _yaml().dump(tree, written)
    return written.getvalue()


def plain(value: object) -> object:
    """Return a tree as plain dicts, lists and values, as JSON would have them."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, str):
        return str(value)
    # The tree's own numbers remember how they were written: not so what leaves here.
    if isinstance(value, int):
        return bool(value) if isinstance(value, bool) or _is_boolean(value) else int(value)
    return float(value) if isinstance(value, float) else value


def _is_boolean(value: object) -> bool:
    return type(value).__name__ == "ScalarBoolean"


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Resolver = _Resolver
    yaml.Composer = _Composer
    yaml.max_depth = MAX_DEPTH
    yaml.width = WIDTH
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _no_yaml(problem: str) -> InvalidInputError:
    told = problem if is_storable(problem) else "it holds broken characters"
    return InvalidInputError([FieldFault(field="file", code="not_yaml", message=told)])
