"""A price book made ready for quoting: look-ups by id, lines that never change."""

from functools import lru_cache
from uuid import UUID

from totetaxi_core.catalog import BladeService, MiniMovePackage, OrganizingService, SpecialtyItem
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.surcharge_index import SurchargeIndex
from totetaxi_core.pricing.surcharges import Surcharges

BOOKS_KEPT = 16


class CompiledBook:
    """What may be chosen, active entries only, and the surcharges."""

    def __init__(self, book: PriceBook) -> None:
        self.book = book
        self.packages: dict[UUID, MiniMovePackage] = {
            entry.id: entry for entry in book.mini_move_packages if entry.is_active
        }
        self.organizing: dict[UUID, OrganizingService] = {
            entry.id: entry for entry in book.organizing_services if entry.is_active
        }
        self.specialty: dict[UUID, SpecialtyItem] = {
            entry.id: entry for entry in book.specialty_items if entry.is_active
        }
        self.blade: dict[UUID, BladeService] = {
            entry.id: entry for entry in book.blade_services if entry.is_active
        }
        self.codes: dict[str, DiscountCode] = {
            entry.code.casefold(): entry for entry in book.discount_codes
        }
        self.served_zips = frozenset().union(*(book.zones[zone] for zone in book.service_area))
        self.tax_rules = tuple(rule for rule in book.tax_rules if rule.is_active)
        self.surcharges = Surcharges(SurchargeIndex(book.surcharge_rules))
        self.package_lines = {
            entry.id: base_line(entry, entry.base_price_cents) for entry in self.packages.values()
        }
        self.organizing_lines = {
            entry.id: QuoteLine(
                kind=LineKind.ORGANIZING,
                code=entry.slug,
                label=entry.name,
                amount_cents=entry.price_cents,
                rule_id=entry.id,
                unit_cents=entry.price_cents,
            )
            for entry in self.organizing.values()
        }


@lru_cache(maxsize=BOOKS_KEPT)
def compiled(book: PriceBook) -> CompiledBook:
    """Return the book made ready, made once for each book."""
    return CompiledBook(book)


def base_line(entry: MiniMovePackage | BladeService, amount_cents: int) -> QuoteLine:
    return QuoteLine(
        kind=LineKind.BASE,
        code=entry.slug,
        label=entry.name,
        amount_cents=amount_cents,
        rule_id=entry.id,
    )
