"""The port to members of staff."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.staff.staff_account import (
    StaffAccount,
    StaffNotFoundError,
    UsernameTakenError,
)


class MemoryStaffAccounts:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.staff_accounts, transaction)

    async def add(self, account: StaffAccount) -> None:
        await self._transaction.lock("staff username", account.username.lower())
        if self._rows.where("username", account.username.lower()):
            self._transaction.doom()
            raise UsernameTakenError("this username is in use")
        await self._transaction.lock("staff account", account.id)
        self._rows.insert(account.id, account)

    async def save(self, account: StaffAccount) -> None:
        await self._transaction.lock("staff account", account.id)
        self._rows.update(account.id, account)

    async def get(self, account_id: UUID, *, lock: bool = False) -> StaffAccount:
        if lock:
            await self._transaction.lock("staff account", account_id)
        account = self._rows.get(account_id)
        if account is None:
            raise StaffNotFoundError("no member of staff has this id")
        return account

    async def find(self, username: str) -> StaffAccount | None:
        found = self._rows.where("username", username.lower())
        return found[0] if found else None

    async def all(self) -> tuple[StaffAccount, ...]:
        return tuple(sorted(self._rows.all(), key=lambda account: account.username.lower()))

    async def has_any(self, *, lock: bool = False) -> bool:
        if lock:
            await self._transaction.lock("staff accounts")
        return any(True for _ in self._rows.all())

    async def lock_rights(self) -> None:
        await self._transaction.lock("staff rights")

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[StaffAccount, ...]:
        found = sorted(self._rows.all(), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[:limit][::-1])
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(older[::-1][:limit])
