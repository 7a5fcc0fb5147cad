"""The price book on the terminal."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_facts, print_json, print_table
from totetaxi_cli.price_book_versions import local, since
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.book_words import percent_words
from totetaxi_core.price_book.discount_code import DiscountCode
from totetaxi_core.price_book.read_books import Shelf, ShelvedBook, look_at_shelf, look_up_book
from totetaxi_core.price_book.surcharge_rule import SurchargeKind, SurchargeRule
from totetaxi_http.schemas.price_book_version import PriceBookVersionResponse

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # as date.weekday() counts
FIGURES = frozenset({"price", "hours", "items", "lb", "fee", "organizers", "minimum", "per mile"})


def show_book(*, version: int | None, at: datetime | None, as_json: bool) -> None:
    """Print a version, that of a moment by the business's clock, or the one in effect.

    Raises:
        PriceBookNotFoundError: there is none.
    """

    async def job(wiring: Wiring) -> tuple[ShelvedBook, Shelf, tzinfo]:
        zone = wiring.terms.zone
        instant = at.replace(tzinfo=zone).astimezone(UTC) if at else None
        shelved = await look_up_book(wiring.ports, version=version, at=instant)
        return shelved, await look_at_shelf(wiring.ports), zone

    shelved, shelf, zone = run(job)
    book = shelved.book
    if as_json:
        print_json(book.document)
        return
    _print_standing(shelved, shelf, zone)
    _print_packages(book)
    _print_organizing(book)
    _print_deliveries(book)
    _print_fees(book)
    _print_rules(book)
    _print_reductions(book)
    _print_terms(book)


def _print_standing(shelved: ShelvedBook, shelf: Shelf, zone: tzinfo) -> None:
    known = shelved.published
    shown = PriceBookVersionResponse.from_version(known, shelf=shelf)
    waiting = shelf.waiting
    print_facts(
        [
            ("title", known.title),
            ("version", f"{known.version}, {shown.state.replace('_', ' ')}"),
            ("from (New York)", since(known.effective_at, zone)),
            ("published by", known.published_by),
            ("why", known.reason),
            ("digest", known.digest),
            (
                "waiting",
                f"version {waiting.version}, from {local(waiting.effective_at, zone)} (New York)"
                if waiting and waiting.version != known.version
                else None,
            ),
        ]
    )


def _print_packages(book: PriceBook) -> None:
    print_table(
        ("slug", "name", "price", "items", "hours", "insurance", ""),
        [
            (
                one.slug,
                one.name,
                money(one.base_price_cents),
                one.max_items or "any",
                one.estimated_hours,
                "included" if one.coi_included else None,
                _off(is_active=one.is_active),
            )
            for one in book.mini_move_packages
        ],
        title="Mini moves",
        right=FIGURES,
    )


def _print_organizing(book: PriceBook) -> None:
    print_table(
        ("slug", "name", "tier", "kind", "price", "hours", "organizers", ""),
        [
            (
                one.slug,
                one.name,
                one.tier,
                "packing" if one.is_packing else "unpacking",
                money(one.price_cents),
                one.estimated_hours,
                one.organizer_count,
                _off(is_active=one.is_active),
            )
            for one in book.organizing_services
        ],
        title="Organizing",
        right=FIGURES,
    )


def _print_deliveries(book: PriceBook) -> None:
    delivery = book.standard_delivery
    each, least = money(delivery.price_per_item_cents), money(delivery.minimum_charge_cents)
    print_facts([("Standard delivery", f"{each} an item, at least {least}")])
    print_table(
        ("slug", "name", "price", ""),
        [
            (one.slug, one.name, money(one.price_cents), _off(is_active=one.is_active))
            for one in book.specialty_items
        ],
        title="Specialty items",
        right=FIGURES,
    )
    print_table(
        ("slug", "name", "aircraft", "per mile", "minimum", "lb", "hours", ""),
        [
            (
                one.slug,
                one.name,
                one.aircraft_type,
                money(one.price_per_mile_cents),
                money(one.minimum_price_cents),
                one.max_weight_lb,
                one.estimated_hours,
                _off(is_active=one.is_active),
            )
            for one in book.blade_services
        ],
        title="Helicopter",
        right=FIGURES,
    )


def _print_fees(book: PriceBook) -> None:
    fees = book.fees
    print_table(
        ("what", "fee"),
        [
            ("packing", money(fees.packing_cents)),
            ("unpacking", money(fees.unpacking_cents)),
            ("certificate of insurance", money(fees.coi_cents)),
            ("same day", money(fees.same_day_cents)),
        ],
        title="Fees",
        right=FIGURES,
    )


def _print_rules(book: PriceBook) -> None:
    print_table(
        ("slug", "adds", "service", "when", "where", "one of", ""),
        [
            (
                rule.slug,
                _adds(rule),
                rule.service_type or "all",
                ", ".join(_when(rule)) or "always",
                _where(rule),
                f"{rule.exclusive_group} ({rule.priority})" if rule.exclusive_group else None,
                _off(is_active=rule.is_active),
            )
            for rule in book.surcharge_rules
        ],
        title="Surcharges",
    )


def _adds(rule: SurchargeRule) -> str:
    if rule.kind is SurchargeKind.PERCENTAGE:
        return f"{percent_words(rule.rate_bp)} of the base"
    per_hour = " an hour" if rule.kind is SurchargeKind.PER_HOUR else ""
    return f"{money(rule.amount_cents)}{per_hour}{' an address' if rule.per_address else ''}"


def _when(rule: SurchargeRule) -> Iterable[str]:
    if rule.date_from or rule.date_to:
        yield (
            str(rule.date_from)
            if rule.date_from == rule.date_to
            else f"{rule.date_from or ''}..{rule.date_to or ''}"
        )
    if rule.weekdays:
        yield " ".join(WEEKDAYS[day] for day in sorted(rule.weekdays))
    if rule.time_start or rule.time_end:
        start = f"{rule.time_start:%H:%M}" if rule.time_start else ""
        yield f"{start}-{rule.time_end:%H:%M}" if rule.time_end else f"from {start}"


def _where(rule: SurchargeRule) -> str:
    if rule.zones:
        return ", ".join(rule.zones)
    return f"{len(rule.zip_codes)} ZIPs" if rule.is_geographic else "anywhere"


def _print_reductions(book: PriceBook) -> None:
    if book.discount_codes:
        print_table(
            ("code", "takes off", "minimum", "until (UTC)", "uses", ""),
            [_code_row(code) for code in book.discount_codes],
            title="Discount codes",
            right=FIGURES,
        )
    print_table(
        ("slug", "name", "rate", "on", ""),
        [
            (
                tax.slug,
                tax.name,
                percent_words(tax.rate_bp),
                ", ".join(sorted(tax.line_kinds)),
                _off(is_active=tax.is_active),
            )
            for tax in book.tax_rules
        ],
        title="Taxes",
    )


def _code_row(code: DiscountCode) -> tuple[object, ...]:
    return (
        code.code,
        percent_words(code.rate_bp) if code.rate_bp else money(code.amount_cents),
        money(code.min_order_cents or None),
        f"{code.valid_until:%Y-%m-%d %H:%M}" if code.valid_until else None,
        code.max_uses or "any",
        _off(is_active=code.is_active),
    )


def _print_terms(book: PriceBook) -> None:
    print_table(
        ("cancelled before pickup by", "comes back"),
        [
            (f"{tier.notice_hours} h", percent_words(tier.refund_bp))
            for tier in book.cancellation_terms.tiers
        ],
        title="Cancellation",
    )
    print_table(
        ("zone", "served", "ZIPs"),
        [
            (name, "yes" if name in book.service_area else "no", len(zip_codes))
            for name, zip_codes in book.zones.items()
        ],
        title="Zones",
    )


def _off(*, is_active: bool) -> str | None:
    return None if is_active else "not offered"
