"""Bring a YAML tree to another document: what stays the same keeps its comments and its looks."""

from collections.abc import Mapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from totetaxi_adapters.book_file.fresh_yaml import fresh_value
from totetaxi_adapters.book_file.yaml_text import plain


def match_tree(tree: Any, document: Mapping[str, object]) -> CommentedMap:  # noqa: ANN401  ruamel's
    """Change the tree in place until it holds the document, and return it."""
    for name in [name for name in tree if str(name) not in document]:
        del tree[name]
    known = {str(name): name for name in tree}
    for position, (name, value) in enumerate(document.items()):
        if name not in known:
            tree.insert(min(position, len(tree)), name, fresh_value(value, name))
        else:
            tree[known[name]] = _matched(tree[known[name]], value, name)
    return _as_map(tree)


def _as_map(tree: Any) -> CommentedMap:  # noqa: ANN401  ruamel's
    if not isinstance(tree, CommentedMap):
        raise TypeError(f"no tree of a document: {type(tree)}")
    return tree


def _matched(old: Any, new: object, name: str) -> object:  # noqa: ANN401  ruamel's
    if plain(old) == new and type(plain(old)) is type(new):
        return old
    if isinstance(old, CommentedMap) and isinstance(new, Mapping):
        return match_tree(old, new)
    if isinstance(old, CommentedSeq) and isinstance(new, list | tuple):
        return _matched_list(old, list(new), name)
    return fresh_value(new, name)


def _matched_list(old: CommentedSeq, new: list[object], name: str) -> CommentedSeq:
    """Match entries by their id, texts by themselves; a comment stays with what it follows."""
    keys = [_key(entry) for entry in new]
    for index in reversed(range(len(old))):
        if _key(plain(old[index])) not in keys:
            del old[index]
    left = [_key(plain(entry)) for entry in old]
    if left != [key for key in keys if key in left]:
        _reorder(old, keys)
    for index, entry in enumerate(new):
        if index < len(old) and _key(plain(old[index])) == keys[index]:
            old[index] = _matched(old[index], entry, name)
        else:
            old.insert(index, fresh_value(entry, name))
    return old


def _reorder(old: CommentedSeq, keys: list[object]) -> None:
    entries = sorted(old, key=lambda entry: keys.index(_key(plain(entry))))
    for index, entry in enumerate(entries):
        old[index] = entry


def _key(entry: object) -> object:
    """Return what an entry is known by: its id, or itself."""
    if isinstance(entry, Mapping):
        return entry.get("id") or tuple(sorted((str(key), str(one)) for key, one in entry.items()))
    return entry
