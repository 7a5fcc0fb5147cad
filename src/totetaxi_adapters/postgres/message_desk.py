"""How staff find messages."""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)

from totetaxi_adapters.postgres.messages import message_from_row
from totetaxi_adapters.postgres.tables import messages
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.tables.outbox import IN_UNFINISHED
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.notifications.find_messages import MessageFilter
from totetaxi_core.notifications.message import UNFINISHED, Message
from totetaxi_core.page import Place

PLACE = tuple_(messages.c.created_at, messages.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LISTED = select(messages).limit(bindparam("limit", type_=Integer))
NEWEST_FIRST = LISTED.order_by(messages.c.created_at.desc(), messages.c.id.desc())
OLDEST_FIRST = LISTED.order_by(messages.c.created_at, messages.c.id)
WANTED: Mapping[str, ColumnElement[bool]] = {
    "to": func.lower(messages.c.to) == func.lower(bindparam("to", type_=Text)),
    "kind": messages.c.kind == bindparam("kind", type_=Text),
    "channel": messages.c.channel == bindparam("channel", type_=Text),
    "state": messages.c.state == bindparam("state", type_=Text),
    "booking_id": messages.c.booking_id == bindparam("booking_id", type_=Uuid),
}
# Said again in the index's own words, so that the few are found by it.
IS_UNFINISHED: ColumnElement[bool] = literal_column(IN_UNFINISHED)


class PostgresMessageDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(
        self,
        wanted: MessageFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Message, ...]:
        asked = {name: getattr(wanted, name) for name in WANTED}
        given: dict[str, object] = {name: fact for name, fact in asked.items() if fact is not None}
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        statement = statement.where(*(WANTED[name] for name in given))
        if wanted.state in UNFINISHED:
            statement = statement.where(IS_UNFINISHED)
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given | {"limit": limit})
        found = tuple(message_from_row(row) for row in rows.mappings())
        return found if after is None else found[::-1]
