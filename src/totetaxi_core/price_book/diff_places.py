"""What differs between two price books beside its entries: zones, service area, points, terms."""

from collections.abc import Iterator, Mapping

from totetaxi_core.geography.point import Point
from totetaxi_core.price_book.book_words import NOTHING, listed, sentence, terms_words
from totetaxi_core.price_book.change import Change, ChangeKind
from totetaxi_core.price_book.price_book import PriceBook


def zone_changes(old: PriceBook, new: PriceBook) -> Iterator[Change]:
    for name in dict.fromkeys([*old.zones, *new.zones]):
        was, now = old.zones.get(name), new.zones.get(name)
        affects = "bookings from or to these ZIPs"
        if was is None or now is None:
            found = now or was or frozenset()
            yield Change(
                path=f"zones.{name}",
                kind=ChangeKind.ADDED if was is None else ChangeKind.REMOVED,
                sentence=f"{'New zone' if was is None else 'Gone is the zone'} {name}:"
                f" {listed(sorted(found))}.",
                affects=affects,
            )
        elif was != now:
            yield member_change(f"zones.{name}", f"zone {name}", was, now, affects=affects)


def area_changes(old: PriceBook, new: PriceBook) -> Iterator[Change]:
    was, now = frozenset(old.service_area), frozenset(new.service_area)
    if was != now:
        yield member_change(
            "service_area",
            "the service area",
            was,
            now,
            affects="whether we serve addresses in these zones at all",
        )


def terms_change(old: PriceBook, new: PriceBook) -> Change:
    before, after = terms_words(old.cancellation_terms), terms_words(new.cancellation_terms)
    return Change(
        path="cancellation_terms",
        kind=ChangeKind.CHANGED,
        sentence=f"Cancelled bookings are paid back {after}; until now {before}.",
        affects="bookings made from then on: those made before keep their terms",
        before=before,
        after=after,
    )


def point_changes(old: Mapping[str, Point], new: Mapping[str, Point]) -> Iterator[Change]:
    for kind, verb, zips in (
        (ChangeKind.ADDED, "added", new.keys() - old.keys()),
        (ChangeKind.REMOVED, "gone", old.keys() - new.keys()),
        (
            ChangeKind.CHANGED,
            "moved",
            {one for one in old.keys() & new.keys() if old[one] != new[one]},
        ),
    ):
        if zips:
            yield Change(
                path="points",
                kind=kind,
                sentence=f"The point on the map is {verb} for {listed(sorted(zips))}.",
                affects="the miles of helicopter deliveries from or to these ZIPs",
            )


def member_change(
    path: str, noun: str, old: frozenset[str], new: frozenset[str], *, affects: str
) -> Change:
    parts = [
        f"{verb} {listed(sorted(found))}"
        for verb, found in (("gains", new - old), ("loses", old - new))
        if found
    ]
    return Change(
        path=path,
        kind=ChangeKind.CHANGED,
        sentence=sentence(f"{noun} {' and '.join(parts)}."),
        affects=affects,
        before=listed(sorted(old)) or NOTHING,
        after=listed(sorted(new)) or NOTHING,
    )
