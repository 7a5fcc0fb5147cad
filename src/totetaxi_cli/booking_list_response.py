"""A page of bookings as JSON."""

import attrs

from totetaxi_http.schemas.booking import BookingResponse


@attrs.frozen(kw_only=True)
class BookingListResponse:
    """`next` is the number to ask on from, with --after; null at the end."""

    results: tuple[BookingResponse, ...]
    next: str | None
