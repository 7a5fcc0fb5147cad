"""A price book with thousands of surcharge rules, of which twenty match every request."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from totetaxi_core import PriceBook

MATCHING: Final = 20
Rule = dict[str, object]
# Each kind of amount five times, half of all bound to a place.
AMOUNTS: Final[tuple[Rule, ...]] = (
    {"kind": "fixed", "amount_cents": 1_500},
    {"kind": "percentage", "rate_bp": 150},
    {"kind": "per_hour", "amount_cents": 700},
    {"kind": "fixed", "amount_cents": 900, "per_address": True},
)
# A request fails such a rule by one condition alone, each by another.
NEVER: Final[tuple[Rule, ...]] = (
    {"date_from": "2031-05-01", "date_to": "2031-05-31"},
    {"date_from": "2025-01-01", "date_to": "2025-03-31"},
    {"time_start": "13:00", "time_end": "15:30"},
    {"time_start": "05:00", "time_end": "06:30"},
)


def book_of_many_rules(book: PriceBook, *, rules: int) -> PriceBook:
    """Return the book with `rules` surcharge rules of its own making in place of its own."""
    document = {**book.document, "surcharge_rules": [*_rules(book, rules)]}
    return PriceBook.from_document(document, version=book.version)


def _rules(book: PriceBook, count: int) -> Iterator[Rule]:
    everywhere: Rule = {"zones": list(book.service_area)}
    nowhere_asked = [f"{number:05d}" for number in range(90_000, 90_400)]
    every = count // MATCHING
    for number in range(count):
        amount = AMOUNTS[number // every % len(AMOUNTS)]
        if number % every == 0:
            place = everywhere if "per_address" in amount or number // every % 2 else {}
            yield _rule(number, amount | place)
        elif number % 5 == 0:
            zips: Rule = {"zip_codes": [nowhere_asked[(number + step) % 400] for step in range(4)]}
            yield _rule(number, amount | zips)
        else:
            plain = {name: value for name, value in amount.items() if name != "per_address"}
            yield _rule(number, plain | NEVER[number % len(NEVER)])


def _rule(number: int, fields: Mapping[str, object]) -> Rule:
    slug = f"rule-{number}"
    return {"id": str(uuid5(NAMESPACE_URL, slug)), "slug": slug, "name": f"Rule {number}", **fields}
