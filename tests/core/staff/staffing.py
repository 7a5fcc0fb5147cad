"""Members of staff for tests, and a house where they log in."""

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from tests.builders import NOW, an_id
from tests.core.bookings.memory_house import SECRET, MemoryHouse
from totetaxi_adapters.access_tokens import JwtAccessTokens
from totetaxi_adapters.disposable_domains import ListedDisposableDomains
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.log_in_staff import StaffLogin, log_in_staff
from totetaxi_core.staff.manage_staff import NewStaff, create_staff
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import StaffAccount

PASSWORD = "Correct-horse-1"


class QuickHasher:
    """Counts the work it does in place of doing any."""

    def __init__(self) -> None:
        self.hashed = 0
        self.compared = 0

    @property
    def work(self) -> int:
        """Return how many times it would have taken a while."""
        return self.hashed + self.compared

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return sha256(password.encode()).hexdigest()

    async def matches(self, password: str, password_hash: str | None) -> bool:
        self.compared += 1
        return sha256(password.encode()).hexdigest() == password_hash


def a_staff_account(**changes: Any) -> StaffAccount:  # noqa: ANN401  any field
    account = StaffAccount(
        id=an_id(),
        username="maria",
        email="maria@totetaxi.example",
        first_name="Maria",
        last_name="Lopez",
        role=Role.CUSTOMER_SERVICE,
        department="Customer Service",
        flags=frozenset(),
        hire_date=date(2026, 1, 5),
        phone="+12127365000",
        password_hash=sha256(PASSWORD.encode()).hexdigest(),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(account, **changes)


def new_staff(username: str, role: Role = Role.CUSTOMER_SERVICE, *flags: Flag) -> NewStaff:
    return NewStaff(
        username=username,
        email=f"{username}@totetaxi.example",
        first_name=username.title(),
        last_name="Lopez",
        role=role,
        flags=frozenset(flags),
        hire_date=date(2026, 1, 5),
        password=PASSWORD,
    )


class StaffHouse(MemoryHouse):
    """A house with quick passwords, and an admin called root once it is staffed."""

    root: StaffAccount

    def __init__(self) -> None:
        super().__init__()
        self.hasher = QuickHasher()
        self.credentials = Credentials(
            passwords=self.hasher,
            access_tokens=JwtAccessTokens(SECRET),
            disposable_domains=ListedDisposableDomains(),
        )

    async def hire(
        self, username: str, role: Role, *flags: Flag, by: StaffAccount | None
    ) -> StaffAccount:
        new = new_staff(username, role, *flags)
        return await create_staff(new, self.ports, self.credentials, by=by)

    async def log_in(self, username: str, password: str = PASSWORD) -> StaffLogin:
        return await log_in_staff(username, password, self.ports, self.credentials)

    def account(self, account: StaffAccount) -> StaffAccount:
        """Return the account as it now stands."""
        return self.database.staff_accounts.rows[account.id]

    def told(self) -> list[tuple[str, str, bool]]:
        """Return who did what, and whether it was refused, oldest first."""
        return [(act.staff_name, act.action_type, act.is_refused) for act in self.acts()]


async def a_staffed_house() -> StaffHouse:
    house = StaffHouse()
    house.root = await house.hire("root", Role.ADMIN, by=None)
    return house
