"""Metadata: a list of named, typed values."""

from typing import Any, Final

from totetaxi_adapters.sandbox.onfleet.fields import Fields
from totetaxi_adapters.sandbox.onfleet.refusal import Json, invalid

KNOWN: Final = ("name", "type", "subtype", "value", "visibility")
TYPES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "number": (int, float),
    "string": (str,),
    "object": (dict,),
    "array": (list,),
}
VISIBILITIES: Final = frozenset({"api", "dashboard", "worker"})


def read_metadata(entries: list[Any]) -> list[Json]:
    """Read the whole list.

    Raises:
        OnfleetRefusal: an entry is not of its own type.
    """
    return [read_entry(entry) for entry in entries]


def read_entry(entry: object) -> Json:
    fields = Fields(entry, where="metadata")
    fields.refuse_unknown(KNOWN)
    name, kind = fields.required_text("name"), fields.required_text("type")
    if kind not in TYPES or not _is_of(fields.value("value"), kind):
        raise invalid(f"metadata {name}: its value is not of the type {kind}")
    if kind == "array" and not fields.text("subtype"):
        raise invalid(f"metadata {name}: an array needs a subtype")
    visibility = fields.texts("visibility") or ["api"]
    if not VISIBILITIES.issuperset(visibility):
        raise invalid(f"metadata {name}: unknown visibility")
    read = {"name": name, "type": kind, "value": fields.value("value"), "visibility": visibility}
    return read | ({"subtype": fields.text("subtype")} if kind == "array" else {})


def changed_metadata(old: list[Json], change: object) -> list[Json]:
    """Return the list after an update: replaced by a list, or changed by `$set` and `$pop`.

    Raises:
        OnfleetRefusal: it is neither.
    """
    if isinstance(change, list):
        return read_metadata(change)
    fields = Fields(change, where="metadata")
    fields.refuse_unknown(("$set", "$pop"))
    names = {entry["name"]: entry for entry in old}
    names |= {entry["name"]: entry for entry in read_metadata(fields.listed("$set"))}
    for entry in fields.listed("$pop"):
        names.pop(Fields(entry, where="$pop").required_text("name"), None)
    return list(names.values())


def _is_of(value: object, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
