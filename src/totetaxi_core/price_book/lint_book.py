"""What is sound in a price book and still looks like a mistake.

Source: docs/pricing.md, "Changing prices".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from totetaxi_core.catalog import MiniMovePackage, OrganizingService
from totetaxi_core.money import money_words, tax_half_up
from totetaxi_core.price_book.book_words import listed
from totetaxi_core.price_book.peak_dates import missing_peak_dates
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.rule_reach import Reach
from totetaxi_core.price_book.surcharge_rule import SurchargeKind, SurchargeRule
from totetaxi_core.pricing.charge_limits import AmountNeedsStaffError, ChargeLimits
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.scheduling.schedule import Schedule

LISTED: Final = "surcharge_rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintNote:
    """One thing to look at: a stable code, its place by slugs, and a sentence."""

    code: str
    path: str
    message: str


def lint_book(
    book: PriceBook, *, on: date, limits: ChargeLimits, schedule: Schedule
) -> tuple[LintNote, ...]:
    """Return what to look at, in a book used from the business date `on` on."""
    reaches = {
        rule.slug: Reach.of(rule, book, schedule) for rule in book.surcharge_rules if rule.is_active
    }
    rules = [rule for rule in book.surcharge_rules if rule.is_active]
    return (
        *_never(rules, reaches, on=on),
        *_over(rules, on=on),
        *_in_one_group(rules, reaches),
        *_peak_notes(rules, on=on),
        *_zips_twice(book),
        *_not_payable(book, limits),
        *_without_point(book),
    )


def _never(
    rules: list[SurchargeRule], reaches: dict[str, Reach], *, on: date
) -> Iterator[LintNote]:
    for rule in rules:
        path = f"{LISTED}.{rule.slug}"
        if why := reaches[rule.slug].impossible:
            yield LintNote(
                code="never_matches", path=path, message=f"“{rule.name}” never matches: {why}."
            )
        elif rule.date_to is not None and rule.date_to < on:
            continue  # told of all at once
        elif not rule.amount_cents and not rule.rate_bp:
            yield LintNote(
                code="adds_nothing", path=path, message=f"“{rule.name}” adds nothing: it is 0."
            )
        elif rule.kind is SurchargeKind.PERCENTAGE and reaches[rule.slug].has_no_base:
            yield LintNote(
                code="adds_nothing",
                path=path,
                message=f"“{rule.name}” adds nothing: organizing has no base price to share.",
            )


def _over(rules: list[SurchargeRule], *, on: date) -> Iterator[LintNote]:
    over = [rule.name for rule in rules if rule.date_to is not None and rule.date_to < on]
    if over:
        message = f"Over, and of no use for pickups to come: {listed(over)}."
        yield LintNote(code="over", path=LISTED, message=message)


def _in_one_group(rules: list[SurchargeRule], reaches: dict[str, Reach]) -> Iterator[LintNote]:
    for first, second in combinations(rules, 2):
        if first.exclusive_group is None or first.exclusive_group != second.exclusive_group:
            continue
        one, other = reaches[first.slug], reaches[second.slug]
        if first.priority == second.priority and one.overlaps(other):
            yield LintNote(
                code="tied_rules",
                path=f"{LISTED}.{second.slug}",
                message=f"“{first.name}” and “{second.name}” can both match, in one group with"
                f" the same priority {first.priority}: the larger amount decides.",
            )
        for low, high in ((first, second), (second, first)):
            if low.priority < high.priority and reaches[low.slug].lies_in(reaches[high.slug]):
                yield LintNote(
                    code="never_wins",
                    path=f"{LISTED}.{low.slug}",
                    message=f"“{low.name}” never counts: “{high.name}” matches whenever it does,"
                    " with a higher priority.",
                )


def _peak_notes(rules: list[SurchargeRule], *, on: date) -> Iterator[LintNote]:
    for group, missing in missing_peak_dates(rules, on=on).items():
        days = listed(f"{rule.name} (around {day})" for rule, day in missing)
        yield LintNote(
            code="peak_dates_missing",
            path=LISTED,
            message=f"No rule yet for the peak dates to come, {group}: {days}.",
        )


def _zips_twice(book: PriceBook) -> Iterator[LintNote]:
    zones_of: dict[str, list[str]] = {}
    for zone, zip_codes in book.zones.items():
        for zip_code in zip_codes:
            zones_of.setdefault(zip_code, []).append(zone)
    for zip_code, zones in sorted(zones_of.items()):
        if len(zones) > 1:
            yield LintNote(
                code="zip_in_two_zones",
                path=f"zones.{zones[-1]}",
                message=f"{zip_code} lies in {' and '.join(sorted(zones))}.",
            )


def _not_payable(book: PriceBook, limits: ChargeLimits) -> Iterator[LintNote]:
    for package in filter(_is_offered, book.mini_move_packages):
        yield from _price_note(
            book,
            limits,
            path=f"mini_move_packages.{package.slug}",
            name=package.name,
            price_cents=package.base_price_cents,
            kind=LineKind.BASE,
        )
    for service in filter(_is_offered, book.organizing_services):
        yield from _price_note(
            book,
            limits,
            path=f"organizing_services.{service.slug}",
            name=service.name,
            price_cents=service.price_cents,
            kind=LineKind.ORGANIZING,
        )


def _is_offered(entry: MiniMovePackage | OrganizingService) -> bool:
    return entry.is_active


def _price_note(
    book: PriceBook,
    limits: ChargeLimits,
    *,
    path: str,
    name: str,
    price_cents: int,
    kind: LineKind,
) -> Iterator[LintNote]:
    """Look at the least a customer pays: the price alone, with its taxes."""
    taxes = [tax for tax in book.tax_rules if tax.is_active and kind in tax.line_kinds]
    total_cents = price_cents + sum(tax_half_up(price_cents, tax.rate_bp) for tax in taxes)
    refusal = limits.refusal(total_cents)
    if refusal is None:
        return
    is_more = isinstance(refusal, AmountNeedsStaffError)
    bound = limits.maximum_cents if is_more else limits.minimum_cents
    yield LintNote(
        code="not_payable",
        path=path,
        message=f"“{name}” alone comes to {money_words(total_cents)},"
        f" {'more' if is_more else 'less'} than the {money_words(bound)} a customer may be"
        f" charged{': only staff can book it' if is_more else ''}.",
    )


def _without_point(book: PriceBook) -> Iterator[LintNote]:
    if not any(service.is_active for service in book.blade_services):
        return
    served = frozenset().union(*(book.zones[zone] for zone in book.service_area))
    missing = sorted(served - book.points.keys())
    if missing:
        yield LintNote(
            code="no_point",
            path="points",
            message=f"No point on the map for {listed(missing)}: no helicopter goes there.",
        )
