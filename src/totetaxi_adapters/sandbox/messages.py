"""The messages kept in the database, for programs that follow a booking through its mails."""

from collections.abc import Callable
from datetime import datetime

import attrs
from litestar import get
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery

from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.ports import Terms
from totetaxi_core.unit_of_work import UnitOfWork

MOST_SHOWN = 200


@attrs.frozen(kw_only=True)
class KeptMessage:
    to: str
    kind: MessageKind
    subject: str
    text: str
    created_at: datetime


def kept_messages(unit_of_work: Callable[[], UnitOfWork], terms: Terms) -> HTTPRouteHandler:
    """Return the route `GET /sandbox/messages?to=`: newest first, without case, as delivered."""

    @get("/sandbox/messages", include_in_schema=False)
    async def messages(to: FromQuery[str]) -> list[KeptMessage]:
        if "\0" in to:
            raise ValidationException("to must not hold a null byte")
        async with unit_of_work() as uow:
            kept = await uow.messages.to(to, limit=MOST_SHOWN)
        return [
            KeptMessage(
                to=message.to,
                kind=message.kind,
                subject=message.subject,
                text=text_with_tokens(message, terms),
                created_at=message.created_at,
            )
            for message in kept
        ]

    return messages
