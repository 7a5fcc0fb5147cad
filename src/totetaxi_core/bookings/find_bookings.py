"""Find bookings at the desk: by what a caller knows, newest first, a page at a time."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.page import Page, Place, page_of

_NUMBER = re.compile(r"TT-[0-9A-Z]{8}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().-]{4,32}")
_US_DIGITS = 10


class SearchKind(StrEnum):
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Search:
    """A whole number or telephone number, or how an address, a whole or a last name begins.

    `text` is in lower case, a booking's number in upper, a telephone number as E.164.
    """

    kind: SearchKind
    text: str

    @classmethod
    def of(cls, text: str) -> "Search":
        """Tell by its shape what was typed."""
        text = " ".join(text.split())
        if _NUMBER.fullmatch(text):
            return cls(SearchKind.NUMBER, text.upper())
        if "@" in text:
            return cls(SearchKind.EMAIL, text.lower())
        if _PHONE.fullmatch(text):
            return cls(SearchKind.PHONE, _e164(text))
        return cls(SearchKind.NAME, text.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFilter:
    """Which bookings; what is None does not matter. The pickup days are both included."""

    status: BookingStatus | None = None
    service_type: ServiceType | None = None
    pickup_from: date | None = None
    pickup_to: date | None = None
    search: Search | None = None
    customer_id: UUID | None = None


class BookingDesk(Protocol):
    """Reads bookings for staff and account holders, in its unit of work's transaction."""

    async def page(
        self,
        wanted: BookingFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Booking, ...]:
        """Return bookings newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


async def find_bookings(
    desk: BookingDesk,
    wanted: BookingFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[Booking]:
    """Return at most `limit` bookings, the newest, or next to a place."""
    found = await desk.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)


def _e164(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if text.startswith("+"):
        return f"+{digits}"
    return f"+{digits}" if len(digits) > _US_DIGITS else f"+1{digits}"
