"""Find customers at the desk: by what a caller knows, newest first, a page at a time."""

from dataclasses import dataclass
from typing import Protocol

from totetaxi_core.bookings.find_bookings import Search
from totetaxi_core.customers.customer import Customer
from totetaxi_core.page import Page, Place, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """Which customers; what is None does not matter.

    A name is searched as it is written: how the first, the last, or both together begin. A
    booking's number finds whose account it is in.
    """

    search: Search | None = None
    is_vip: bool | None = None


class CustomerDesk(Protocol):
    """Reads accounts for staff, less those deleted, in its unit of work's transaction."""

    async def page(
        self,
        wanted: CustomerFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Customer, ...]:
        """Return customers newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


async def find_customers(
    desk: CustomerDesk,
    wanted: CustomerFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[Customer]:
    """Return at most `limit` customers, the newest, or next to a place."""
    found = await desk.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)
