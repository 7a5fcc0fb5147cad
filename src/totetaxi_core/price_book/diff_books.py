"""What differs between two price books, in words a person understands.

Entries are told apart by their id: one with another name is the same entry, renamed. Fields that
are absent and fields that state the default are the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from totetaxi_core.price_book.book_words import field_words, sentence, value_words
from totetaxi_core.price_book.change import Change, ChangeKind
from totetaxi_core.price_book.diff_places import (
    area_changes,
    member_change,
    point_changes,
    terms_change,
    zone_changes,
)
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.rule_words import (
    code_amount_words,
    code_scope,
    own_zips,
    rule_amount_words,
    rule_scope,
    tax_scope,
)

Entry = Any  # any of the book's entries: an id, a slug or code, a name and fields of its own
BY_WORD: Final = frozenset({"id", "is_active", "zones"})
EVERY_BOOKING: Final = "all bookings"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A list of the book: how its entries are called, what they cost and whom they concern."""

    name: str
    noun: str
    scope: Callable[[Entry, PriceBook], str]
    amount: Callable[[Entry], str]
    retired: str = "can no longer be chosen"


LISTS: Final = (
    _Kind(
        name="mini_move_packages",
        noun="package",
        scope=lambda one, _: f"mini moves with the package {one.name}",
        amount=lambda one: value_words("_cents", one.base_price_cents),
    ),
    _Kind(
        name="organizing_services",
        noun="organizing service",
        scope=lambda one, _: f"bookings with {one.name}",
        amount=lambda one: value_words("_cents", one.price_cents),
    ),
    _Kind(
        name="specialty_items",
        noun="specialty item",
        scope=lambda one, _: f"mini moves and deliveries with {one.name}",
        amount=lambda one: value_words("_cents", one.price_cents),
    ),
    _Kind(
        name="blade_services",
        noun="helicopter service",
        scope=lambda one, _: f"helicopter deliveries with {one.name}",
        amount=lambda one: f"{value_words('_cents', one.price_per_mile_cents)} a mile",
    ),
    _Kind(
        name="surcharge_rules",
        noun="surcharge",
        scope=rule_scope,
        amount=rule_amount_words,
        retired="adds nothing any more",
    ),
    _Kind(
        name="tax_rules",
        noun="tax",
        scope=lambda one, _: tax_scope(one),
        amount=lambda one: value_words("rate_bp", one.rate_bp),
        retired="is no longer charged",
    ),
    _Kind(
        name="discount_codes",
        noun="discount code",
        scope=lambda one, _: code_scope(one),
        amount=code_amount_words,
        retired="can no longer be used",
    ),
)


def diff_books(old: PriceBook, new: PriceBook) -> tuple[Change, ...]:
    """Return every difference, in the order of the document; none if the prices are the same."""
    return tuple(_changes(old, new))


def _changes(old: PriceBook, new: PriceBook) -> Iterator[Change]:
    yield from _field_changes("", "the book", ("title",), old, new, affects=EVERY_BOOKING)
    yield from _list_changes(LISTS[0], old, new)
    yield from _list_changes(LISTS[1], old, new)
    yield from _list_changes(LISTS[2], old, new)
    yield from _part_changes("standard_delivery", "standard delivery", old, new, "deliveries")
    yield from _list_changes(LISTS[3], old, new)
    yield from _part_changes("fees", "fees", old, new, "bookings that order this extra")
    yield from zone_changes(old, new)
    yield from area_changes(old, new)
    for kind in LISTS[4:]:
        yield from _list_changes(kind, old, new)
    if old.cancellation_terms != new.cancellation_terms:
        yield terms_change(old, new)
    yield from point_changes(old.points, new.points)


def _list_changes(kind: _Kind, old: PriceBook, new: PriceBook) -> Iterator[Change]:
    before: Mapping[UUID, Entry] = {one.id: one for one in getattr(old, kind.name)}
    after: Mapping[UUID, Entry] = {one.id: one for one in getattr(new, kind.name)}
    for entry_id, entry in before.items():
        if entry_id not in after:
            yield _removed(kind, entry, old)
        else:
            yield from _entry_changes(kind, (entry, old), (after[entry_id], new))
    for entry_id, entry in after.items():
        if entry_id not in before:
            yield _added(kind, entry, new)
    stayed = [entry_id for entry_id in before if entry_id in after]
    if stayed != [entry_id for entry_id in after if entry_id in before]:
        yield Change(
            path=kind.name,
            kind=ChangeKind.CHANGED,
            sentence=f"The {kind.noun} entries stand in another order; no price changes.",
            affects="the order in which they are shown",
        )


def _added(kind: _Kind, entry: Entry, book: PriceBook) -> Change:
    off = "" if entry.is_active else ", not active yet"
    return Change(
        path=f"{kind.name}.{_slug(entry)}",
        kind=ChangeKind.ADDED,
        sentence=f"New {kind.noun} {_title(entry)}: {kind.amount(entry)}{off}.",
        affects=kind.scope(entry, book),
        after=kind.amount(entry),
    )


def _removed(kind: _Kind, entry: Entry, book: PriceBook) -> Change:
    return Change(
        path=f"{kind.name}.{_slug(entry)}",
        kind=ChangeKind.REMOVED,
        sentence=sentence(f"{kind.noun} {_title(entry)} is gone: it {kind.retired}."),
        affects=kind.scope(entry, book),
        before=kind.amount(entry),
    )


def _entry_changes(
    kind: _Kind, before: tuple[Entry, PriceBook], after: tuple[Entry, PriceBook]
) -> Iterator[Change]:
    (old, old_book), (new, new_book) = before, after
    path, noun = f"{kind.name}.{_slug(new)}", f"{kind.noun} {_title(new)}"
    affects = kind.scope(new, new_book)
    if (was := kind.scope(old, old_book)) != affects:
        affects = f"{affects}; until now {was}"
    if old.is_active != new.is_active:
        turn = "is offered again" if new.is_active else f"is retired: it {kind.retired}"
        yield Change(
            path=f"{path}.is_active",
            kind=ChangeKind.CHANGED,
            sentence=sentence(f"{noun} {turn}."),
            affects=affects,
            before=value_words("is_active", old.is_active),
            after=value_words("is_active", new.is_active),
        )
    names = [field.name for field in fields(new) if field.name not in BY_WORD]
    if kind.name == "surcharge_rules":
        names.remove("zip_codes")
        names.remove("is_geographic")
        yield from _place_changes(path, noun, before, after, affects=affects)
    yield from _field_changes(path, noun, names, old, new, affects=affects)


def _place_changes(
    path: str,
    noun: str,
    before: tuple[Entry, PriceBook],
    after: tuple[Entry, PriceBook],
    *,
    affects: str,
) -> Iterator[Change]:
    """Compare where a rule counts; what moved within a zone is told of the zone."""
    places = [
        frozenset(zone.replace("_", " ") for zone in rule.zones) | own_zips(rule, book)
        for rule, book in (before, after)
    ]
    if places[0] != places[1]:
        yield member_change(f"{path}.zones", noun, *places, affects=affects)


def _part_changes(
    name: str, noun: str, old: PriceBook, new: PriceBook, affects: str
) -> Iterator[Change]:
    part = getattr(new, name)
    names = [field.name for field in fields(part)]
    yield from _field_changes(name, noun, names, getattr(old, name), part, affects=affects)


def _field_changes(
    path: str, noun: str, names: Iterable[str], old: object, new: object, *, affects: str
) -> Iterator[Change]:
    for name in names:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            before, after = value_words(name, was), value_words(name, now)
            yield Change(
                path=f"{path}.{name}".lstrip("."),
                kind=ChangeKind.CHANGED,
                sentence=sentence(f"{noun}: {field_words(name)} {_turn(name, was, now)}."),
                affects=affects,
                before=before,
                after=after,
            )


def _turn(name: str, was: object, now: object) -> str:
    before, after = value_words(name, was), value_words(name, now)
    if isinstance(was, int) and isinstance(now, int) and not isinstance(now, bool):
        verb = "rises" if now > was else "falls"
    else:
        verb = "changes"
    return f"{verb} from {before} to {after}"


def _slug(entry: Entry) -> str:
    return str(getattr(entry, "slug", None) or entry.code)


def _title(entry: Entry) -> str:
    return f"“{getattr(entry, 'name', None) or entry.code}”"
