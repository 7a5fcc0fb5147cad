"""Registrations that nobody has taken up."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, delete, func, insert, select, update

from totetaxi_adapters.postgres.tables import registrations
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.registration import Registration

# A registration's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Registration))
OF_ID = registrations.c.id == bindparam("of_id", type_=Uuid)
ADD = insert(registrations)
SAVE = update(registrations).where(OF_ID)
FIND = select(registrations).where(OF_ID)
LOCK = FIND.with_for_update()
NEWEST = (
    select(registrations)
    .where(func.lower(registrations.c.email) == bindparam("email_key", type_=Text))
    .order_by(registrations.c.created_at.desc(), registrations.c.id.desc())
    .limit(1)
)
REMOVE = delete(registrations).where(OF_ID)
EXPIRED = (
    select(registrations.c.id)
    .where(registrations.c.expires_at < bindparam("before", type_=INSTANT))
    .with_for_update(skip_locked=True)
)
FORGET = delete(registrations).where(registrations.c.id.in_(EXPIRED))


class PostgresRegistrations:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, registration: Registration) -> None:
        await self._transaction.execute(ADD, _row(registration))

    async def save(self, registration: Registration) -> None:
        await self._transaction.execute(SAVE, _row(registration) | {"of_id": registration.id})

    async def find(self, registration_id: UUID, *, lock: bool = False) -> Registration | None:
        rows = await self._transaction.execute(LOCK if lock else FIND, {"of_id": registration_id})
        row = rows.mappings().one_or_none()
        return None if row is None else Registration(**row)

    async def newest(self, email: str, *, lock: bool = False) -> Registration | None:
        statement = NEWEST.with_for_update() if lock else NEWEST
        # Lowered here, as everywhere else: the database's makes another name of some letters.
        rows = await self._transaction.execute(statement, {"email_key": email.strip().lower()})
        row = rows.mappings().one_or_none()
        return None if row is None else Registration(**row)

    async def remove(self, registration_id: UUID) -> None:
        await self._transaction.execute(REMOVE, {"of_id": registration_id})

    async def forget_expired(self, *, before: datetime) -> None:
        await self._transaction.execute(FORGET, {"before": before})


def _row(registration: Registration) -> dict[str, object]:
    return {name: getattr(registration, name) for name in FIELDS}
