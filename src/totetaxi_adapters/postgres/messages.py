"""Messages kept in the database."""

from dataclasses import fields

from sqlalchemy import Integer, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import messages
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.notifications.message import Message, MessageKind

ADD = insert(messages).on_conflict_do_nothing(index_elements=[messages.c.id])
TO = (
    select(messages)
    .where(func.lower(messages.c.to) == func.lower(bindparam("address", type_=Text)))
    .order_by(messages.c.created_at.desc(), messages.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
# A message's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Message))


class PostgresMessageRepository:
    """The messages kept."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, message: Message) -> None:
        await self._transaction.execute(ADD, {name: getattr(message, name) for name in FIELDS})

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        rows = await self._transaction.execute(TO, {"address": address, "limit": limit})
        return tuple(
            Message(**{**row, "kind": MessageKind(row["kind"])}) for row in rows.mappings()
        )
