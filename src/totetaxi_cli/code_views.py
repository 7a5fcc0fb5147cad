"""Discount codes and their uses on the terminal."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.list_place import checked_place
from totetaxi_cli.output import money, print_facts, print_json, print_table
from totetaxi_cli.price_book_versions import local
from totetaxi_core.discount_codes.code_use import CodeUse
from totetaxi_core.discount_codes.known_code import KnownCode
from totetaxi_core.discount_codes.read_codes import find_uses, list_codes, look_up_code
from totetaxi_core.page import Page
from totetaxi_core.price_book import DiscountCode, DiscountKind
from totetaxi_core.price_book.book_words import percent_words
from totetaxi_core.price_book.published_version import PublishedVersion
from totetaxi_core.price_book.read_books import look_at_shelf
from totetaxi_http.schemas.discount_code import DiscountCodeResponse, DiscountUseResponse
from totetaxi_http.wire.page import place_of, place_text


@attrs.frozen(kw_only=True)
class CodeListResponse:
    results: tuple[DiscountCodeResponse, ...]


@attrs.frozen(kw_only=True)
class CodeUsesResponse:
    """`next` is the place to ask on from, with --after; null at the end."""

    results: tuple[DiscountUseResponse, ...]
    next: str | None


@attrs.frozen(kw_only=True)
class ShownCode:
    """A code, and the zone of its days."""

    known: KnownCode
    zone: tzinfo
    carried: PublishedVersion | None = None
    """The version that waits for its day and was given the same change."""

    @classmethod
    async def after(cls, known: KnownCode, wiring: Wiring) -> "ShownCode":
        """Return a code that was just changed."""
        waiting = (await look_at_shelf(wiring.ports)).waiting
        carried = waiting if waiting is not None and waiting.version > known.version else None
        return cls(known=known, zone=wiring.terms.zone, carried=carried)


def list_to_terminal(*, as_json: bool) -> None:
    """Print every code of the book in effect."""

    async def job(wiring: Wiring) -> tuple[tuple[KnownCode, ...], tzinfo]:
        return await list_codes(wiring.ports), wiring.terms.zone

    found, zone = run(job)
    if as_json:
        results = tuple(map(DiscountCodeResponse.from_known, found))
        print_json(CodeListResponse(results=results))
        return
    print_table(
        ("code", "state", "takes off", "uses", "first day", "last day", "only for"),
        (
            (
                one.code.code,
                one.state.replace("_", " "),
                _off(one.code),
                _uses(one),
                _first_day(one.code, zone),
                _last_day(one.code, zone),
                _conditions(one.code),
            )
            for one in found
        ),
        right=frozenset({"uses"}),
        empty="There is no discount code.",
    )


def show_to_terminal(code: str, *, as_json: bool) -> None:
    """Print one code.

    Raises:
        EntryNotFoundError: there is none.
    """

    async def job(wiring: Wiring) -> ShownCode:
        return ShownCode(known=await look_up_code(code, wiring.ports), zone=wiring.terms.zone)

    show_known(run(job), as_json=as_json)


def uses_to_terminal(code: str, *, limit: int, after: str | None, as_json: bool) -> None:
    """Print the bookings that have a use of a code, newest first.

    Raises:
        EntryNotFoundError: there is no such code.
        InvalidInputError: `after` is not what a list ended with.
    """
    place = place_of(checked_place(after))

    async def job(wiring: Wiring) -> tuple[Page[CodeUse], tzinfo]:
        page = await find_uses(code, wiring.ports, before=place, limit=limit)
        return page, wiring.terms.zone

    page, zone = run(job)
    if as_json:
        results = tuple(map(DiscountUseResponse.from_use, page.entries))
        print_json(CodeUsesResponse(results=results, next=place_text(page.oldest)))
        return
    print_table(
        ("booking", "status", "taken off", "booked (New York)"),
        (
            (
                use.booking_number,
                use.booking_status.replace("_", " "),
                money(use.discount_cents),
                f"{use.created_at.astimezone(zone):%Y-%m-%d %H:%M}",
            )
            for use in page.entries
        ),
        right=frozenset({"taken off"}),
        empty=f"No booking uses {code}.",
    )
    if page.oldest is not None:
        typer.echo(f"older ones: --after {place_text(page.oldest)}")


def show_known(shown: ShownCode, *, as_json: bool) -> None:
    """Print one code and how it stands."""
    known, code = shown.known, shown.known.code
    if as_json:
        print_json(DiscountCodeResponse.from_known(known))
        return
    print_facts(
        [
            ("code", code.code),
            ("state", known.state.replace("_", " ")),
            ("takes off", _off(code)),
            ("uses", _uses(known)),
            ("uses per customer", code.max_uses_per_customer),
            ("first day (New York)", _first_day(code, shown.zone)),
            ("last day (New York)", _last_day(code, shown.zone)),
            ("only for", _conditions(code)),
            ("price book version", known.version),
        ]
    )
    if shown.carried is not None:
        starts = local(shown.carried.effective_at, shown.zone)
        typer.echo(f"version {shown.carried.version}, which waits for {starts}, has it too")


def _off(code: DiscountCode) -> str:
    if code.kind is DiscountKind.FIXED:
        return money(code.amount_cents)
    share = percent_words(code.rate_bp)
    most = code.max_discount_cents
    return share if most is None else f"{share}, at most {money(most)}"


def _uses(known: KnownCode) -> str:
    most = known.code.max_uses
    return f"{known.uses}" if most is None else f"{known.uses} of {most}"


def _first_day(code: DiscountCode, zone: tzinfo) -> str | None:
    return None if code.valid_from is None else _local(code.valid_from, zone, is_end=False)


def _last_day(code: DiscountCode, zone: tzinfo) -> str | None:
    return None if code.valid_until is None else _local(code.valid_until, zone, is_end=True)


def _local(at: datetime, zone: tzinfo, *, is_end: bool) -> str:
    """Return the day by the zone's clock, with the time where it is not midnight."""
    local = at.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{(local - timedelta(days=1) if is_end else local):%Y-%m-%d}"


def _conditions(code: DiscountCode) -> str | None:
    def told() -> Iterable[str]:
        if code.min_order_cents:
            yield f"orders from {money(code.min_order_cents)}"
        yield from (service.replace("_", " ") for service in code.service_types)

    return ", ".join(told()) or None
