"""Versions of the price book on the terminal."""

from datetime import datetime, tzinfo

import attrs

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json, print_table
from totetaxi_core.page import Page
from totetaxi_core.price_book.published_version import PublishedVersion
from totetaxi_core.price_book.read_books import Shelf, list_versions, look_at_shelf
from totetaxi_http.schemas.price_book_version import PriceBookVersionResponse


@attrs.frozen(kw_only=True)
class VersionListResponse:
    """`next` is the version to ask on from, with --after; null at the end."""

    results: tuple[PriceBookVersionResponse, ...]
    next: int | None


def list_to_terminal(*, limit: int, after: int | None, as_json: bool) -> None:
    """Print versions newest first."""

    async def job(wiring: Wiring) -> tuple[Page[PublishedVersion], Shelf, tzinfo]:
        page = await list_versions(wiring.ports, before=after, limit=limit)
        return page, await look_at_shelf(wiring.ports), wiring.terms.zone

    page, shelf, zone = run(job)
    found = tuple(PriceBookVersionResponse.from_version(one, shelf=shelf) for one in page.entries)
    if as_json:
        last = page.oldest.version if page.oldest else None
        print_json(VersionListResponse(results=found, next=last))
        return
    print_table(
        ("version", "state", "title", "from (New York)", "published (New York)", "by", "why"),
        (
            (
                one.version,
                one.state.replace("_", " "),
                one.title,
                since(one.effective_at, zone),
                local(one.published_at, zone),
                one.published_by,
                one.withdrawal_reason or one.reason,
            )
            for one in found
        ),
        right=frozenset({"version"}),
        empty="There is no older version.",
    )


def local(at: datetime, zone: tzinfo) -> str:
    """Return `2027-05-01 00:00`, by the zone's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def since(at: datetime, zone: tzinfo) -> str:
    """Return from when on a version counts; the first one always did."""
    return "always" if at.year <= 1970 else local(at, zone)  # noqa: PLR2004  the first book's
