"""Logins that last."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, insert, select, update

from totetaxi_adapters.postgres.tables import sessions
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.accounts.access_token import Audience
from totetaxi_core.accounts.session import Session

# A session's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Session))
ADD = insert(sessions)
SAVE = update(sessions).where(sessions.c.id == bindparam("of_id", type_=Uuid))
FIND = select(sessions).where(sessions.c.id == bindparam("of_id", type_=Uuid))
FORGET = delete(sessions).where(
    sessions.c.account_id == bindparam("of_account", type_=Uuid),
    sessions.c.expires_at <= bindparam("now", type_=INSTANT),
)


class PostgresSessions:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, session: Session) -> None:
        await self._transaction.execute(ADD, _row(session))

    async def save(self, session: Session) -> None:
        await self._transaction.execute(SAVE, _row(session) | {"of_id": session.id})

    async def find(self, session_id: UUID, *, lock: bool = False) -> Session | None:
        statement = FIND.with_for_update() if lock else FIND
        rows = await self._transaction.execute(statement, {"of_id": session_id})
        row = rows.mappings().one_or_none()
        return (
            None if row is None else Session(**dict(row) | {"audience": Audience(row["audience"])})
        )

    async def forget_expired(self, account_id: UUID, *, at: datetime) -> None:
        await self._transaction.execute(FORGET, {"of_account": account_id, "now": at})


def _row(session: Session) -> dict[str, object]:
    return {name: getattr(session, name) for name in FIELDS}
