"""A YAML tree for a document that has none yet, with a word on each part."""

from collections.abc import Mapping
from typing import Final

from ruamel.yaml.comments import CommentedMap, CommentedSeq

HEAD: Final = """The price book. Amounts are whole cents: 99500 is $995.00. Shares are hundredths of
a percent: 825 is 8.25 %. Dates and times are New York's. A new entry needs no id: it gets one.
What is no longer offered gets `is_active: false` and stays: old bookings name it."""
PARTS: Final[Mapping[str, str]] = {
    "mini_move_packages": "Mini moves: so many items at one price.",
    "organizing_services": "Visits of organizers, packing or unpacking.",
    "specialty_items": "Pieces with a price of their own.",
    "standard_delivery": "Delivery by the item.",
    "blade_services": "Helicopter: price by the mile, and at least the minimum.",
    "fees": "What extras cost, unless a package has a fee of its own.",
    "surcharge_rules": "A rule adds its line when every condition it states holds; of one\n"
    "`exclusive_group` only one stays, that of the highest priority.",
    "discount_codes": "Codes that take something off.",
    "tax_rules": "Taxes, each on the kinds of line it names.",
    "cancellation_terms": "What is paid back, by hours of notice before pickup.",
    "service_area": "The zones we serve.",
    "zones": "Zones by their ZIPs.",
    "points": "Where each ZIP lies, to measure flights. Missing ones are filled in.",
}
ON_ONE_LINE: Final = frozenset({"weekdays", "line_kinds", "service_types", "zip_codes"})
POINT: Final = frozenset({"latitude", "longitude"})


def fresh_tree(document: Mapping[str, object]) -> CommentedMap:
    """Return a tree of the document, in its order."""
    tree = CommentedMap()
    for name, value in document.items():
        tree[name] = _zones(value) if name == "zones" else fresh_value(value, name)
    tree.yaml_set_start_comment(HEAD)
    for name in tree:
        if name in PARTS:
            tree.yaml_set_comment_before_after_key(name, before=f"\n{PARTS[name]}")
    return tree


def fresh_value(value: object, name: str) -> object:
    """Return a tree of a value, short lists and points on one line."""
    if isinstance(value, Mapping):
        tree = CommentedMap({key: fresh_value(entry, str(key)) for key, entry in value.items()})
        if value.keys() == POINT:
            tree.fa.set_flow_style()
        return tree
    if isinstance(value, list | tuple):
        listed = CommentedSeq([fresh_value(entry, name) for entry in value])
        if name in ON_ONE_LINE or not value:
            listed.fa.set_flow_style()
        return listed
    return value


def _zones(value: object) -> object:
    tree = fresh_value(value, "zones")
    for listed in tree.values() if isinstance(tree, CommentedMap) else ():
        if isinstance(listed, CommentedSeq):
            listed.fa.set_flow_style()
    return tree
