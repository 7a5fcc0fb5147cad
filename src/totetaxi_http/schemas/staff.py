"""Members of staff, on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.accounts.password import LONGEST
from totetaxi_core.staff.change_own_password import PasswordChange
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import NewStaff
from totetaxi_core.staff.permission import Permission, permissions_of
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import LONGEST_USERNAME, StaffAccount, StaffChanges
from totetaxi_http.wire.constraints import Items, Text
from totetaxi_http.wire.contact import EmailAddress, PhoneNumber

Name = Annotated[str, Text(max_length=100)]
Password = Annotated[str, Text(max_length=LONGEST, trim=False)]
Flags = Annotated[tuple[Flag, ...], Items(max_length=len(Flag))]


@attrs.frozen(kw_only=True)
class NewStaffBody:
    """A member of staff, less the password; of the role's department, hired today, unless said."""

    username: Annotated[str, Text(max_length=LONGEST_USERNAME)]
    email: EmailAddress
    first_name: Name
    last_name: Name
    role: Role
    hire_date: date | None = None
    phone: PhoneNumber | None = None
    department: Name | None = None
    flags: Flags = ()

    def to_new_staff(self, password: str, *, today: date) -> NewStaff:
        return NewStaff(
            username=self.username,
            email=self.email,
            first_name=self.first_name,
            last_name=self.last_name,
            role=self.role,
            hire_date=self.hire_date or today,
            phone=self.phone or "",
            department=self.department,
            flags=frozenset(self.flags),
            password=password,
        )


@attrs.frozen(kw_only=True)
class NewMemberBody(NewStaffBody):
    """A member of staff; of the role's department, hired today, unless said."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "username": "maria",
        "password": "Correct-horse-1",
        "email": "maria@totetaxi.com",
        "first_name": "Maria",
        "last_name": "Lopez",
        "role": "finance",
        "hire_date": "2026-01-05",
        "flags": ["can_approve_refunds"],
    }

    password: Password = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class NewPasswordBody:
    """At least 8 characters, a digit and an upper-case letter among them."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"password": "Correct-horse-1"}

    password: Password = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class PasswordChangeBody:
    """The new one has at least 8 characters, a digit and an upper-case letter among them."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "current_password": "Correct-horse-1",
        "new_password": "Battery-staple-2",
    }

    current_password: Password = attrs.field(repr=False)
    new_password: Password = attrs.field(repr=False)

    def to_change(self) -> PasswordChange:
        return PasswordChange(
            current_password=self.current_password, new_password=self.new_password
        )


@attrs.frozen(kw_only=True)
class StaffChangesBody:
    """What is to be otherwise; `flags` are all there will be, `is_active: false` disables."""

    email: EmailAddress | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    role: Role | None = None
    department: Name | None = None
    phone: PhoneNumber | None = None
    flags: Flags | None = None
    hire_date: date | None = None
    is_active: bool | None = None

    EXAMPLE: ClassVar[Mapping[str, object]] = {"flags": ["can_approve_refunds"]}

    def to_changes(self) -> StaffChanges:
        stated = attrs.asdict(self, recurse=False)
        flags = None if self.flags is None else frozenset(self.flags)
        return StaffChanges(**stated | {"flags": flags})


@attrs.frozen(kw_only=True)
class StaffProfileResponse:
    """A member of staff; `permissions` is what role and flags come to."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "6f0e1d5a-51a5-4c39-8a0e-0c7e4b1f5d21",
        "username": "maria",
        "email": "maria@totetaxi.com",
        "first_name": "Maria",
        "last_name": "Lopez",
        "full_name": "Maria Lopez",
        "role": "finance",
        "department": "Finance",
        "hire_date": "2026-01-05",
        "phone": "+12127365000",
        "flags": ["can_approve_refunds"],
        "permissions": [
            "read_bookings",
            "read_refunds",
            "request_refunds",
            "approve_refunds",
            "read_payments",
            "view_financial_reports",
        ],
        "is_active": True,
        "created_at": "2026-01-05T14:00:00Z",
        "updated_at": "2026-01-05T14:00:00Z",
    }

    id: UUID
    username: str
    email: str
    first_name: str
    last_name: str
    full_name: str
    role: Role
    department: str
    hire_date: date
    phone: str
    flags: tuple[Flag, ...]
    permissions: tuple[Permission, ...]
    is_active: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_account(cls, account: StaffAccount) -> Self:
        allowed = permissions_of(account)
        return cls(
            id=account.id,
            username=account.username,
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            full_name=f"{account.first_name} {account.last_name}",
            role=account.role,
            department=account.department,
            hire_date=account.hire_date,
            phone=account.phone,
            flags=tuple(flag for flag in Flag if flag in account.flags),
            permissions=tuple(permission for permission in Permission if permission in allowed),
            is_active=account.is_active,
            created_at=account.created_at,
            updated_at=account.updated_at,
        )
