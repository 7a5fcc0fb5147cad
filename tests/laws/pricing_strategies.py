"""Random requests and random price books, crowded enough that rules often meet requests."""

from datetime import UTC, date, time
from typing import Any

from hypothesis import strategies as st

from tests.core.price_book.small_document import Document, entry, small_document
from totetaxi_core import (
    PriceAdjustment,
    PriceBook,
    QuoteRequest,
    ServiceType,
    SpecialtyChoice,
)
from totetaxi_core.price_book.tax_rule import TaxableKind

CENTS = st.integers(0, 5_000) | st.integers(0, 1_000_000)
RATES_BP = st.integers(0, 10_000)
DATES = st.dates(date(2026, 11, 28), date(2026, 12, 8))
CLOCKS = st.sampled_from([f"{half // 2:02d}:{half % 2 * 3}0" for half in range(12, 28)])
DAYS = DATES.map(date.isoformat)
ZIPS = ["10001", "11937", "90210"]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ADJUSTMENTS = st.builds(
    PriceAdjustment, amount_cents=st.integers(-5_000, 5_000), reason=st.just("stairs")
)
INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))


@st.composite
def rules(draw: st.DrawFn, slug: str = "rule") -> Document:
    """Draw the document of a surcharge rule: each condition is stated about every other time."""
    conditions = {
        "service_type": st.sampled_from(["all", *ServiceType]),
        "weekdays": st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True),
        "zip_codes": st.lists(st.sampled_from(ZIPS), min_size=1, unique=True),
        "zones": st.lists(st.sampled_from(["city", "shore", "west"]), min_size=1, unique=True),
        "exclusive_group": st.sampled_from(["x", "y"]),
        "priority": st.integers(-1, 1),
        "is_active": st.booleans(),
    }
    fields: Document = draw(st.fixed_dictionaries({}, optional=conditions))
    if "zip_codes" in fields or "zones" in fields:
        fields["per_address"] = draw(st.booleans())
    fields |= draw(_span("time_start", "time_end", CLOCKS, closed=False))
    fields |= draw(_span("date_from", "date_to", DAYS, closed=True))
    return entry(slug, **fields, **draw(_amounts()))


def _span(
    start: str, end: str, points: st.SearchStrategy[str], *, closed: bool
) -> st.SearchStrategy[Document]:
    ordered = st.tuples(points, points).map(sorted)
    both = ordered.filter(lambda pair: closed or pair[0] != pair[1])
    return st.one_of(
        st.just({}),
        points.map(lambda point: {start: point}),
        points.map(lambda point: {end: point}),
        both.map(lambda pair: {start: pair[0], end: pair[1]}),
    )


def _amounts() -> st.SearchStrategy[Document]:
    few = st.integers(0, 4).map(lambda number: number * 100)  # so that lines of a group tie
    cents, rates = CENTS | few, st.integers(0, 25_000)
    return st.one_of(
        cents.map(lambda amount: {"kind": "fixed", "amount_cents": amount}),
        cents.map(lambda amount: {"kind": "per_hour", "amount_cents": amount}),
        rates.map(lambda rate: {"kind": "percentage", "rate_bp": rate}),
    )


@st.composite
def rivals(draw: st.DrawFn) -> list[Document]:
    """Draw rules that all match and fight within two groups, often of like rank and amount."""
    fields = st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["fixed", "per_hour"]),
            "amount_cents": st.sampled_from([0, 100, 200]),
            "exclusive_group": st.sampled_from(["x", "y"]),
            "priority": st.sampled_from([0, 1]),
        }
    )
    return [entry(f"rule-{name}", **draw(fields)) for name in draw(st.permutations("abcdefgh"))]


def taxes(slug: str) -> st.SearchStrategy[Document]:
    kinds = st.lists(st.sampled_from(list(TaxableKind)), min_size=1, unique=True)
    return st.builds(lambda rate, on: entry(slug, rate_bp=rate, line_kinds=on), RATES_BP, kinds)


@st.composite
def codes(draw: st.DrawFn) -> Document:
    limits = {"max_discount_cents": CENTS, "min_order_cents": st.integers(0, 5_000)}
    fields: Document = draw(st.fixed_dictionaries({}, optional=limits))
    amount = draw(
        CENTS.map(lambda cents: {"kind": "fixed", "amount_cents": cents})
        | RATES_BP.map(lambda rate: {"kind": "percentage", "rate_bp": rate})
    )
    return {"id": entry("SAVE")["id"], "code": "SAVE", **fields, **amount}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a price book's document: the small catalog, with other prices, rules, taxes, codes."""
    document = small_document(
        surcharge_rules=[draw(rules(f"rule-{name}")) for name in draw(_names("dcabfegh", 8))],
        tax_rules=[draw(taxes(f"tax-{name}")) for name in draw(_names("ba", 2))],
        discount_codes=[draw(codes())],
    )
    for priced in (document["mini_move_packages"], document["specialty_items"]):
        for each in priced:
            each |= {name: draw(CENTS) for name in each if name.endswith("price_cents")}
    return document


def _names(letters: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(letters), max_size=most, unique=True)


@st.composite
def requests(draw: st.DrawFn, book: PriceBook, *, code: str | None = None) -> QuoteRequest:
    """Draw a request the book can price."""
    service = draw(st.sampled_from(ServiceType))
    zips = st.sampled_from(sorted(book.points)) if len(book.points) > 5 else _small_zips(service)
    fields: dict[str, Any] = {
        "service_type": service,
        "pickup_date": draw(DATES | st.dates(date(2026, 1, 1), date(2027, 12, 31))),
        "pickup_time": draw(CLOCKS.map(time.fromisoformat) | st.times(time(6), time(13, 59))),
        "pickup_zip": draw(zips) + draw(st.sampled_from(["", "-1234"])),
        "discount_code": code,
        **draw(_own_fields(service, book)),
    }
    if service is not ServiceType.ORGANIZING_ONLY:
        fields["delivery_zip"] = draw(zips)
    return QuoteRequest(**fields)


def _small_zips(service: ServiceType) -> st.SearchStrategy[str]:
    pointless = [] if service is ServiceType.BLADE_DELIVERY else ["10002"]
    return st.sampled_from(["10001", "11937", "07302", *pointless])


def _own_fields(service: ServiceType, book: PriceBook) -> st.SearchStrategy[dict[str, Any]]:
    flag = st.booleans()
    packing = {"include_packing": flag, "include_unpacking": flag, "coi_required": flag}
    pieces = {"item_count": st.none() | st.integers(1, 3), "specialty_items": _pieces(book)}
    packages = st.sampled_from([entry.id for entry in book.mini_move_packages if entry.is_active])
    flights = st.sampled_from([entry.id for entry in book.blade_services if entry.is_active])
    by_service: dict[ServiceType, dict[str, st.SearchStrategy[Any]]] = {
        ServiceType.MINI_MOVE: {
            "mini_move_package_id": packages,
            "organizing_service_ids": _visits(book, fewest=0),
            **pieces,
            **packing,
        },
        ServiceType.STANDARD_DELIVERY: {"same_day": flag, **pieces, **packing},
        ServiceType.ORGANIZING_ONLY: {"organizing_service_ids": _visits(book, fewest=1)},
        ServiceType.BLADE_DELIVERY: {
            "blade_service_id": flights,
            "total_weight_lb": st.integers(1, 100),
        },
    }
    return st.fixed_dictionaries(by_service[service])


def _visits(book: PriceBook, *, fewest: int) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw at most one packing and one unpacking visit, in any order."""
    active = [entry for entry in book.organizing_services if entry.is_active]
    packing = [entry.id for entry in active if entry.is_packing]
    unpacking = [entry.id for entry in active if not entry.is_packing]
    pairs = st.tuples(st.sampled_from([None, *packing]), st.sampled_from([None, *unpacking]))
    chosen = pairs.map(lambda pair: [visit for visit in pair if visit is not None])
    return chosen.filter(lambda ids: len(ids) >= fewest).flatmap(st.permutations).map(tuple)


def _pieces(book: PriceBook) -> st.SearchStrategy[tuple[SpecialtyChoice, ...]]:
    ids = st.sampled_from([entry.id for entry in book.specialty_items if entry.is_active])
    choice = st.builds(SpecialtyChoice, id=ids, quantity=st.integers(1, 2))
    return st.lists(choice, max_size=2).map(tuple)


def any_requests(book: PriceBook) -> st.SearchStrategy[QuoteRequest]:
    """Draw requests of the right types and otherwise anything at all."""
    packages, visits = book.mini_move_packages, book.organizing_services
    known = [
        *(package.id for package in packages),
        *(visit.id for visit in visits),
        *(item.id for item in book.specialty_items),
        *(flight.id for flight in book.blade_services),
    ]
    ids = st.sampled_from(known) | st.uuids()
    zips = st.sampled_from(["10001", "11937", "90210", "10001-12", "1000a"]) | st.text()
    whole, flag, text = st.integers(), st.booleans(), st.text()
    return st.builds(
        QuoteRequest,
        service_type=st.sampled_from(ServiceType),
        pickup_date=st.dates(),
        pickup_time=st.times(),
        pickup_zip=zips,
        delivery_zip=st.none() | zips,
        mini_move_package_id=st.none() | ids,
        organizing_service_ids=st.lists(ids, max_size=3).map(tuple),
        blade_service_id=st.none() | ids,
        item_count=st.none() | whole,
        specialty_items=st.lists(
            st.builds(SpecialtyChoice, id=ids, quantity=whole | st.integers(1, 3)), max_size=4
        ).map(tuple),
        include_packing=flag,
        include_unpacking=flag,
        coi_required=flag,
        same_day=flag,
        total_weight_lb=st.none() | whole | st.integers(1, 100),
        discount_code=st.none() | st.sampled_from(["SAVE", "save"]) | text,
        adjustment=st.none() | st.builds(PriceAdjustment, amount_cents=whole, reason=text),
    )
