"""A member of staff: who they are, what they may do, and how they log in."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.bookings.booking import SELF_SERVICE
from totetaxi_core.documents.document import COURIER
from totetaxi_core.page import Place
from totetaxi_core.payments.refund import STRIPE, SYSTEM
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

LONGEST_USERNAME: Final = 50
# Who these names stand for acts without an account.
RESERVED: Final = SELF_SERVICE | {COURIER, STRIPE, SYSTEM, "unknown"}
_USERNAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{1,{LONGEST_USERNAME - 1}}}")


class StaffNotFoundError(DomainError):
    """No member of staff is this one."""

    code = "staff_not_found"


class UsernameTakenError(DomainError):
    """Another member of staff has this username, in whatever case."""

    code = "username_taken"
    field = "username"


class AccountDisabledError(DomainError):
    """The account is disabled."""

    code = "account_disabled"

    def __init__(self) -> None:
        super().__init__("this account is disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanges:
    """What is to be otherwise; None stays as it is."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    role: Role | None = None
    department: str | None = None
    flags: frozenset[Flag] | None = None
    phone: str | None = None
    hire_date: date | None = None
    is_active: bool | None = None

    @property
    def change_rights(self) -> bool:
        return self.role is not None or self.flags is not None or self.is_active is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAccount:
    """`token_version` rises with the password and when disabled: every token before it is dead."""

    id: UUID
    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    department: str
    flags: frozenset[Flag]
    hire_date: date
    phone: str
    password_hash: str
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    token_version: int = 1

    def __post_init__(self) -> None:
        check_username(self.username)

    def change(self, changes: StaffChanges, *, at: datetime) -> Self:
        """Return the account with what `changes` states; whoever is disabled is logged out."""
        stated = {name: getattr(changes, name) for name in StaffChanges.__slots__}
        facts = {name: fact for name, fact in stated.items() if fact is not None}
        ends_logins = self.is_active and changes.is_active is False
        version = self.token_version + ends_logins
        return replace(self, **facts, token_version=version, updated_at=at)

    def change_password(self, password_hash: str, *, at: datetime) -> Self:
        """Return the account with another password, and without any login."""
        version = self.token_version + 1
        return replace(self, password_hash=password_hash, token_version=version, updated_at=at)


class StaffAccounts(Protocol):
    """Every member of staff there ever was."""

    async def add(self, account: StaffAccount) -> None:
        """Store a new account.

        Raises:
            UsernameTakenError: another has its username.
        """
        ...

    async def save(self, account: StaffAccount) -> None:
        """Store the account as it now stands."""
        ...

    async def get(self, account_id: UUID, *, lock: bool = False) -> StaffAccount:
        """Return the account; `lock` keeps other writers out until commit.

        Raises:
            StaffNotFoundError: none has this id.
        """
        ...

    async def find(self, username: str) -> StaffAccount | None:
        """Return the account of this username, in any case; None if there is none."""
        ...

    async def all(self) -> tuple[StaffAccount, ...]:
        """Return every account, by username without case."""
        ...

    async def has_any(self, *, lock: bool = False) -> bool:
        """Tell whether there is an account; `lock` keeps others from asking until commit."""
        ...

    async def lock_rights(self) -> None:
        """Keep others from changing until commit who may do what: taken before any account."""
        ...

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[StaffAccount, ...]:
        """Return accounts newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


def check_username(username: str) -> None:
    """Refuse what cannot be a username.

    Raises:
        InvalidInputError: not 2 to 50 letters, digits, dots, hyphens; or it is reserved.
    """
    if not _USERNAME.fullmatch(username):
        message = f"must be 2 to {LONGEST_USERNAME} letters, digits, dots, hyphens, underscores"
        raise _bad_username("bad_format", message)
    if username.lower() in RESERVED:
        raise _bad_username("reserved", f"{username} is not the name of a member of staff")


def _bad_username(code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field="username", code=code, message=message)])
