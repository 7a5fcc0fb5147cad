"""Ids for the entries that have none yet: whoever writes a rule need not make one up."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.document import is_storable

NAMESPACE: Final = UUID("5a0c1f0e-6a53-5f0e-9a51-6d0f4e1f7b2c")
LISTS: Final = frozenset(
    {
        "mini_move_packages",
        "organizing_services",
        "specialty_items",
        "blade_services",
        "surcharge_rules",
        "tax_rules",
        "discount_codes",
    }
)


def with_ids(document: object) -> object:
    """Return the document with an id for each entry that has a slug or code and no id.

    It is made from that word, so that the same file always means the same entries; one that is
    taken, since its entry was renamed, is passed over.
    """
    if not isinstance(document, Mapping):
        return document
    return {
        name: _filled(name, value) if name in LISTS and isinstance(value, list) else value
        for name, value in document.items()
    }


def _filled(name: str, entries: list[object]) -> list[object]:
    ids = (entry.get("id") for entry in entries if isinstance(entry, Mapping))
    taken: set[object] = {one for one in ids if isinstance(one, str)}
    return [_with_id(name, entry, taken) for entry in entries]


def _with_id(name: str, entry: object, taken: set[object]) -> object:
    if not isinstance(entry, Mapping) or entry.get("id") is not None:
        return entry
    word = entry.get("slug") or entry.get("code")
    if not isinstance(word, str) or not is_storable(word):
        return entry
    number, new_id = 0, _id_of(name, word, 0)
    while new_id in taken:
        number += 1
        new_id = _id_of(name, word, number)
    taken.add(new_id)
    return {"id": new_id, **{key: value for key, value in entry.items() if key != "id"}}


def _id_of(name: str, word: str, number: int) -> str:
    return str(uuid5(NAMESPACE, f"{name}/{word.casefold()}/{number}"))
