"""Members of staff."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)

from totetaxi_adapters.postgres.tables import staff_accounts
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import StaffAccount, StaffNotFoundError

# An account's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(StaffAccount))
LOWERED = func.lower(staff_accounts.c.username)
ADD = insert(staff_accounts)
SAVE = update(staff_accounts).where(staff_accounts.c.id == bindparam("of_id", type_=Uuid))
GET = select(staff_accounts).where(staff_accounts.c.id == bindparam("of_id", type_=Uuid))
FIND = select(staff_accounts).where(
    func.lower(staff_accounts.c.username) == bindparam("username", type_=Text)
)
ALL = select(staff_accounts).order_by(LOWERED)
PLACE = tuple_(staff_accounts.c.created_at, staff_accounts.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LIMIT = bindparam("limit", type_=Integer)
NEWEST_FIRST = (
    select(staff_accounts)
    .order_by(staff_accounts.c.created_at.desc(), staff_accounts.c.id.desc())
    .limit(LIMIT)
)
OLDEST_FIRST = (
    select(staff_accounts).order_by(staff_accounts.c.created_at, staff_accounts.c.id).limit(LIMIT)
)
HAS_ANY = select(exists(select(staff_accounts.c.id)).cast(Boolean))


class PostgresStaffAccounts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, account: StaffAccount) -> None:
        await self._transaction.execute(ADD, _row(account))

    async def save(self, account: StaffAccount) -> None:
        await self._transaction.execute(SAVE, _row(account) | {"of_id": account.id})

    async def get(self, account_id: UUID, *, lock: bool = False) -> StaffAccount:
        statement = GET.with_for_update() if lock else GET
        rows = await self._transaction.execute(statement, {"of_id": account_id})
        row = rows.mappings().one_or_none()
        if row is None:
            raise StaffNotFoundError("no member of staff has this id")
        return _account(row)

    async def find(self, username: str) -> StaffAccount | None:
        # Lowered here, as everywhere else: the database's makes another name of some letters.
        rows = await self._transaction.execute(FIND, {"username": username.lower()})
        row = rows.mappings().one_or_none()
        return None if row is None else _account(row)

    async def all(self) -> tuple[StaffAccount, ...]:
        rows = await self._transaction.execute(ALL)
        return tuple(_account(row) for row in rows.mappings())

    async def has_any(self, *, lock: bool = False) -> bool:
        if lock:
            await self._transaction.lock("staff accounts")
        return bool((await self._transaction.execute(HAS_ANY)).scalar_one())

    async def lock_rights(self) -> None:
        await self._transaction.lock("staff rights")

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[StaffAccount, ...]:
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        given: dict[str, object] = {"limit": limit}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(_account(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _row(account: StaffAccount) -> dict[str, object]:
    row = {name: getattr(account, name) for name in FIELDS}
    return row | {"flags": sorted(account.flags)}


def _account(row: RowMapping) -> StaffAccount:
    facts = {name: row[name] for name in FIELDS}
    facts |= {"role": Role(row["role"]), "flags": frozenset(map(Flag, row["flags"]))}
    return StaffAccount(**facts)
