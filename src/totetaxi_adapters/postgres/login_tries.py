"""Wrong passwords."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import Text, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import login_tries
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.staff.login_tries import NameTries

# The columns are the fields, by name.
FIELDS = tuple(field.name for field in fields(NameTries))
MOST_FORGOTTEN = 100
OF_NAME = login_tries.c.name_key == bindparam("of_name", type_=Text)
FIND = select(login_tries).where(OF_NAME)
ADD = insert(login_tries)
SAVE = ADD.on_conflict_do_update(
    index_elements=[login_tries.c.name_key],
    set_={name: ADD.excluded[name] for name in FIELDS if name != "name_key"},
)
FORGET = delete(login_tries).where(OF_NAME)
# Those somebody is trying are left alone: two who wait for each other's would never end.
OLD = (
    select(login_tries.c.name_key)
    .where(login_tries.c.last_failed_at < bindparam("forgotten_at", type_=INSTANT))
    .limit(MOST_FORGOTTEN)
    .with_for_update(skip_locked=True)
)
FORGET_OLD = delete(login_tries).where(login_tries.c.name_key.in_(OLD))


class PostgresLoginTries:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, name_key: str) -> NameTries | None:
        # By name: there is no row to lock for whoever fails the first time.
        await self._transaction.lock(f"login tries {name_key}")
        rows = await self._transaction.execute(FIND, {"of_name": name_key})
        row = rows.mappings().one_or_none()
        return None if row is None else NameTries(**row)

    async def save(self, tries: NameTries) -> None:
        await self._transaction.execute(SAVE, {name: getattr(tries, name) for name in FIELDS})

    async def forget(self, name_key: str) -> None:
        await self._transaction.execute(FORGET, {"of_name": name_key})

    async def forget_before(self, at: datetime) -> None:
        await self._transaction.execute(FORGET_OLD, {"forgotten_at": at})
