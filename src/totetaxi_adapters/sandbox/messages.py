"""The messages kept in the database, as delivered: for programs as JSON, for people as a page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import attrs
from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from totetaxi_adapters.sandbox.pages import layout
from totetaxi_core.notifications.message import Channel, Message, MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork

MOST_SHOWN: Final = 200
PATH: Final = "/sandbox/messages"


@attrs.frozen(kw_only=True)
class KeptMessage:
    to: str
    kind: MessageKind
    subject: str
    text: str
    created_at: datetime


def kept_messages(unit_of_work: Callable[[], UnitOfWork], terms: Terms) -> HTTPRouteHandler:
    """Return the route `GET /sandbox/messages?to=`: newest first, without case, as delivered.

    A browser gets a page, of all messages where it names no address.
    """

    @get(PATH, include_in_schema=False)
    async def messages(
        request: Request[Any, Any, Any], to: FromQuery[str | None] = None
    ) -> Response[Any]:
        is_browser = "text/html" in request.headers.get("accept", "")
        if (to is None and not is_browser) or "\0" in (to or ""):
            raise ValidationException("to must be an address, without a null byte")
        async with unit_of_work() as uow:
            if to:
                kept = await uow.messages.to(to, limit=MOST_SHOWN)
            else:
                kept = await uow.messages.newest(limit=MOST_SHOWN)
        if is_browser:
            return Response(_page(kept, terms), media_type=MediaType.HTML)
        return Response([_kept(message, terms) for message in kept])

    return messages


def message_as_html(unit_of_work: Callable[[], UnitOfWork], terms: Terms) -> HTTPRouteHandler:
    """Return the route that shows one mail as its addressee's program does."""

    @get(PATH + "/{message_id:uuid}", include_in_schema=False, media_type=MediaType.HTML)
    async def as_html(message_id: FromPath[UUID]) -> str:
        # What makes the HTML takes long to import, and most processes show none.
        from totetaxi_adapters.mail.html_letter import html_of  # noqa: PLC0415  see above

        async with unit_of_work() as uow:
            message = await uow.messages.find(message_id)
        if message is None:
            raise NotFoundException
        return html_of(replace(message, text=text_with_tokens(message, terms)))

    return as_html


def _kept(message: Message, terms: Terms) -> KeptMessage:
    return KeptMessage(
        to=message.to,
        kind=message.kind,
        subject=message.subject,
        text=text_with_tokens(message, terms),
        created_at=message.created_at,
    )


def _page(messages: Sequence[Message], terms: Terms) -> str:
    entries = "".join(_entry(message, terms) for message in messages) or "<p>None yet.</p>"
    form = (
        '<form><label>To <input name="to" placeholder="ada@example.com"></label>'
        "<button>Show</button></form>"
    )
    return layout("Messages", form + entries)


def _entry(message: Message, terms: Terms) -> str:
    to = f"{PATH}?{urlencode({'to': message.to})}"
    title = escape(message.subject or message.kind)
    links = f'<a href="{escape(to)}">{escape(message.to)}</a>'
    if message.channel is Channel.EMAIL:
        links += f' · <a href="{PATH}/{message.id}">as HTML</a>'
    return (
        f"<article><h2>{title}</h2><p>{message.created_at:%Y-%m-%d %H:%M:%S} UTC · "
        f"{message.kind} · {message.channel} · {message.state} · {links}</p>"
        f"<pre>{escape(text_with_tokens(message, terms))}</pre></article>"
    )
