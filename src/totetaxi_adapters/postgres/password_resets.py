"""Password resets that were asked for."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, insert, select

from totetaxi_adapters.postgres.tables import password_resets
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.password_reset import PasswordReset

# A reset's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(PasswordReset))
OF_ID = password_resets.c.id == bindparam("of_id", type_=Uuid)
ADD = insert(password_resets)
FIND = select(password_resets).where(OF_ID)
REMOVE = delete(password_resets).where(OF_ID)
EXPIRED = (
    select(password_resets.c.id)
    .where(password_resets.c.expires_at < bindparam("before", type_=INSTANT))
    .with_for_update(skip_locked=True)
)
FORGET = delete(password_resets).where(password_resets.c.id.in_(EXPIRED))


class PostgresPasswordResets:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, reset: PasswordReset) -> None:
        await self._transaction.execute(ADD, {name: getattr(reset, name) for name in FIELDS})

    async def find(self, reset_id: UUID) -> PasswordReset | None:
        rows = await self._transaction.execute(FIND, {"of_id": reset_id})
        row = rows.mappings().one_or_none()
        return None if row is None else PasswordReset(**row)

    async def remove(self, reset_id: UUID) -> None:
        await self._transaction.execute(REMOVE, {"of_id": reset_id})

    async def forget_expired(self, *, before: datetime) -> None:
        await self._transaction.execute(FORGET, {"before": before})
