"""Notes of staff on a booking."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.write_note import read_notes, write_note
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking_note import (
    BookingNoteBody,
    BookingNoteResponse,
    BookingNotesResponse,
)
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class NotesQuery:
    """How many notes at a time."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "20"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@get(
    "/bookings/{booking_id:uuid}/notes",
    opt={PERMISSION: Permission.READ_BOOKINGS, "path_examples": BOOKING_ID},
    dependencies={"asked": query_of(NotesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "booking_not_found")),
)
async def booking_notes(
    booking_id: FromPath[UUID],
    asked: FromQueryClass[NotesQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> BookingNotesResponse:
    """List what staff wrote about a booking, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await read_notes(
        booking_id,
        staff_caller(request).ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return BookingNotesResponse(
        results=tuple(BookingNoteResponse.from_note(note) for note in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/bookings/{booking_id:uuid}/notes",
    opt={
        PERMISSION: Permission.EDIT_BOOKINGS,
        "rate_limit": "booking",
        "path_examples": BOOKING_ID,
    },
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "booking_not_found")),
)
async def booking_note(
    booking_id: FromPath[UUID], data: JSONBody[BookingNoteBody], request: Request[Any, Any, Any]
) -> BookingNoteResponse:
    """Write a note on a booking, for other staff; customers never see it."""
    caller = staff_caller(request)
    name = caller.account.username
    return BookingNoteResponse.from_note(
        await write_note(booking_id, data.text, caller.ports, staff_name=name)
    )
