"""What staff did and were refused."""

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Annotated, Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get

from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.read_acts import list_acts
from totetaxi_core.staff.staff_act import ActFilter, RecordedAct
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.staff_act import StaffActResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.business_day import begin_of, end_of
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.page import USUAL, Cursor, PageSize
from totetaxi_http.wire.query import FromQueryClass, query_of

PLACE = r"(before|after)-[0-9]{1,18}"


@attrs.frozen(kw_only=True)
class ActionsQuery:
    """Which acts; the days are New York's, both included."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"staff_name": "maria", "is_refused": "true"}

    staff_name: Annotated[str, Text(max_length=100)] | None = None
    action_type: Annotated[str, Text(max_length=100)] | None = None
    booking_id: UUID | None = None
    is_refused: bool | None = None
    date_from: date | None = None
    date_to: date | None = None
    page_size: PageSize = USUAL
    cursor: Annotated[str, Text(max_length=25, pattern=PLACE)] | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )

    def to_filter(self, zone: tzinfo) -> ActFilter:
        return ActFilter(
            staff_name=self.staff_name,
            action_type=self.action_type,
            booking_id=self.booking_id,
            is_refused=self.is_refused,
            created_from=begin_of(self.date_from, zone),
            created_until=end_of(self.date_to, zone),
        )


@attrs.frozen(kw_only=True)
class ActionsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [StaffActResponse.EXAMPLE],
        "next": "https://api.totetaxi.com/api/staff/actions?cursor=before-42",
        "previous": None,
    }

    results: tuple[StaffActResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/actions",
    opt={PERMISSION: Permission.READ_STAFF_ACTS},
    dependencies={"asked": query_of(ActionsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def actions(
    asked: FromQueryClass[ActionsQuery], request: Request[Any, Any, Any], state: ServiceState
) -> ActionsResponse:
    """List what staff did and were refused, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await list_acts(
        staff_caller(request).ports,
        asked.to_filter(state.terms.zone),
        before=_position(cursor.before),
        after=_position(cursor.after),
        limit=asked.page_size,
    )
    return ActionsResponse(
        results=tuple(StaffActResponse.from_recorded(one) for one in page.entries),
        next=Cursor(before=_place(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=_place(page.newest)).url(request, public_url=url),
    )


def _position(text: str | None) -> int | None:
    return None if text is None else int(text)


def _place(recorded: RecordedAct | None) -> str | None:
    return None if recorded is None else str(recorded.link.position)
