"""Messages kept in the database."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.calendar_document import document_of_entry, entry_from_document
from totetaxi_adapters.postgres.tables import bookings, messages
from totetaxi_adapters.postgres.tables.outbox import IN_UNFINISHED
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.notifications.message import (
    UNFINISHED,
    Channel,
    Message,
    MessageKind,
    MessageState,
)

ADD = (
    insert(messages).on_conflict_do_nothing(index_elements=[messages.c.id]).returning(messages.c.id)
)
FIND = select(messages).where(messages.c.id == bindparam("message_id", type_=Uuid))
LOCK = FIND.with_for_update()
NEWEST = (
    select(messages)
    .order_by(messages.c.created_at.desc(), messages.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
TO = NEWEST.where(func.lower(messages.c.to) == func.lower(bindparam("address", type_=Text)))
TAKEN = NEWEST.where(messages.c.provider_id == bindparam("of_provider", type_=Text))
# All of them first: by their bookings, and not down the whole list until enough are found.
TEXTS = (
    select(messages)
    .where(
        messages.c.channel == literal_column(f"'{Channel.SMS}'"),
        messages.c.booking_id.in_(
            select(bookings.c.id).where(
                bookings.c.customer_id == bindparam("of_customer", type_=Uuid)
            )
        ),
    )
    .cte("texts")
    .prefix_with("MATERIALIZED")
)
TEXTS_ABOUT = (
    select(TEXTS)
    .order_by(TEXTS.c.created_at.desc(), TEXTS.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
UNFINISHED_COUNTS = (
    select(messages.c.state, func.count().label("number"))
    .where(text(IN_UNFINISHED))
    .group_by(messages.c.state)
)
# A message's columns are its fields, by name; what it says never changes.
FIELDS: Final = tuple(field.name for field in fields(Message))
PROGRESS: Final = ("state", "provider_id", "last_error", "sent_at")
SAVE = (
    update(messages)
    .where(messages.c.id == bindparam("of_id", type_=Uuid))
    .values({name: bindparam(name, type_=messages.c[name].type) for name in PROGRESS})
)


class PostgresMessageRepository:
    """The messages kept."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, message: Message) -> bool:
        row = {name: getattr(message, name) for name in FIELDS}
        row["calendar"] = document_of_entry(message.calendar)
        added = await self._transaction.execute(ADD, row)
        return added.one_or_none() is not None

    async def find(self, message_id: UUID, *, lock: bool = False) -> Message | None:
        found = await self._transaction.execute(LOCK if lock else FIND, {"message_id": message_id})
        row = found.mappings().one_or_none()
        return None if row is None else message_from_row(row)

    async def find_taken(self, provider_id: str) -> Message | None:
        parameters = {"of_provider": provider_id, "limit": 1}
        row = (await self._transaction.execute(TAKEN, parameters)).mappings().one_or_none()
        return None if row is None else message_from_row(row)

    async def save(self, message: Message) -> None:
        progress = {name: getattr(message, name) for name in PROGRESS}
        await self._transaction.execute(SAVE, progress | {"of_id": message.id})

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        rows = await self._transaction.execute(TO, {"address": address, "limit": limit})
        return tuple(message_from_row(row) for row in rows.mappings())

    async def texts_about(self, customer_id: UUID, *, limit: int) -> tuple[Message, ...]:
        parameters = {"of_customer": customer_id, "limit": limit}
        rows = await self._transaction.execute(TEXTS_ABOUT, parameters)
        return tuple(message_from_row(row) for row in rows.mappings())

    async def newest(self, *, limit: int) -> tuple[Message, ...]:
        rows = await self._transaction.execute(NEWEST, {"limit": limit})
        return tuple(message_from_row(row) for row in rows.mappings())

    async def unfinished(self) -> Mapping[MessageState, int]:
        rows = await self._transaction.execute(UNFINISHED_COUNTS)
        found = {row.state: row.number for row in rows}
        return {state: found.get(state, 0) for state in UNFINISHED}


def message_from_row(row: RowMapping) -> Message:
    return Message(
        **{
            **row,
            "kind": MessageKind(row["kind"]),
            "channel": Channel(row["channel"]),
            "state": MessageState(row["state"]),
            "calendar": entry_from_document(row["calendar"]),
        }
    )
