"""Messages, as staff find them, and have them sent again."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.notifications.find_messages import MessageFilter, find_messages
from totetaxi_core.notifications.message import Channel, MessageKind, MessageState
from totetaxi_core.notifications.read_message import read_message
from totetaxi_core.notifications.send_again import send_again
from totetaxi_core.notifications.settle_message import settle_message
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.message import MESSAGE_ID, MessageResponse, MessageTextResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class MessagesQuery:
    """Which messages; `to` is a whole address, or number in E.164, without case."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"state": "unknown", "to": "ada@example.com"}

    to: Annotated[str, Text(max_length=254)] | None = None
    kind: MessageKind | None = None
    channel: Channel | None = None
    state: MessageState | None = None
    booking_id: UUID | None = None
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )

    def to_filter(self) -> MessageFilter:
        return MessageFilter(
            to=self.to,
            kind=self.kind,
            channel=self.channel,
            state=self.state,
            booking_id=self.booking_id,
        )


@attrs.frozen(kw_only=True)
class SettledBody:
    """How it ended: at its addressee's, or given up."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"arrived": True}

    arrived: bool


@attrs.frozen(kw_only=True)
class MessagesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [MessageResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[MessageResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/messages",
    opt={PERMISSION: Permission.READ_MESSAGES},
    dependencies={"asked": query_of(MessagesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def messages(
    asked: FromQueryClass[MessagesQuery], request: Request[Any, Any, Any], state: ServiceState
) -> MessagesResponse:
    """List messages, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    async with staff_caller(request).ports.unit_of_work() as uow:
        page = await find_messages(
            uow.message_desk,
            asked.to_filter(),
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return MessagesResponse(
        results=tuple(MessageResponse.from_message(one) for one in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@get(
    "/messages/{message_id:uuid}",
    opt={PERMISSION: Permission.READ_MESSAGES, "path_examples": MESSAGE_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "message_not_found")),
)
async def message(
    message_id: FromPath[UUID], request: Request[Any, Any, Any]
) -> MessageTextResponse:
    """Show a message with its text, a mark in place of each token.

    That it was read goes on record as `customer_read`.
    """
    caller = staff_caller(request)
    found = await read_message(message_id, caller.ports, staff_name=caller.account.username)
    return MessageTextResponse.from_message(found)


@post(
    "/messages/{message_id:uuid}/send-again",
    status_code=200,
    opt={PERMISSION: Permission.SEND_MESSAGES, "path_examples": MESSAGE_ID},
    security=SECURITY,
    responses=problems(
        codes=(
            *REFUSALS,
            "message_not_found",
            "message_not_resendable",
            "address_refused",
            "no_message_transport",
        )
    ),
)
async def message_send_again(
    message_id: FromPath[UUID], request: Request[Any, Any, Any]
) -> MessageResponse:
    """Queue a message that was refused, or may be lost: its addressee may get it twice."""
    caller = staff_caller(request)
    queued = await send_again(message_id, caller.ports, staff_name=caller.account.username)
    return MessageResponse.from_message(queued)


@post(
    "/messages/{message_id:uuid}/settle",
    status_code=200,
    opt={PERMISSION: Permission.SEND_MESSAGES, "path_examples": MESSAGE_ID},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS, "message_not_found", "message_not_open")),
)
async def message_settle(
    message_id: FromPath[UUID], data: JSONBody[SettledBody], request: Request[Any, Any, Any]
) -> MessageResponse:
    """Keep how a message ended that was refused, or may be lost; nothing is sent."""
    caller = staff_caller(request)
    settled = await settle_message(
        message_id, caller.ports, arrived=data.arrived, staff_name=caller.account.username
    )
    return MessageResponse.from_message(settled)
