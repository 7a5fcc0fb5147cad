"""Create, change, disable and enable accounts: of others, who may do no more than oneself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.log_in_staff import NOBODY
from totetaxi_core.staff.permission import Permission, PermissionDeniedError, may, permissions_of
from totetaxi_core.staff.require_permission import refuse
from totetaxi_core.staff.role import DEPARTMENT_OF, Role
from totetaxi_core.staff.staff_account import (
    StaffAccount,
    StaffChanges,
    StaffNotFoundError,
    check_username,
)
from totetaxi_core.staff.staff_act import Facts, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

TOLD = ("email", "first_name", "last_name", "role", "department", "phone", "is_active")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """`department` is the role's own unless said."""

    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    hire_date: date
    phone: str = ""
    department: str | None = None
    flags: frozenset[Flag] = frozenset()
    password: str = field(repr=False)


async def create_staff(
    new: NewStaff, ports: Ports, credentials: Credentials, *, by: StaffAccount | None
) -> StaffAccount:
    """Create an account. The first of all is an admin's, and made by nobody.

    Raises:
        InvalidInputError: a bad username or password; or the first is not an admin.
        UsernameTakenError: another has the username.
        PermissionDeniedError: `by` may not, or may do less than the new account.
    """
    check_username(new.username)
    check_new_password(new.password)
    password_hash = await credentials.passwords.hash(new.password)
    account = _account(new, ports, password_hash=password_hash)
    if by is not None:
        await _require_above(by, account, ports, subject=None)
    try:
        await _store(account, ports, by=by)
    except PermissionDeniedError as error:
        await refuse(by, error, ports)
    return account


async def change_staff(
    username: str, changes: StaffChanges, ports: Ports, *, by: StaffAccount
) -> StaffAccount:
    """Change an account; nobody changes their own role or flags.

    Raises:
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: `by` may not do this to that account.
    """
    now = ports.clock()
    is_own = changes.change_rights and username.lower() == by.username.lower()
    if is_own:
        why = f"{by.username} may not change what they may do themselves"
        await refuse(
            by, PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why), ports
        )
    return await _change(
        username, lambda old: old.change(changes, at=now), ports, by=by, action_type="staff_changed"
    )


async def disable_staff(username: str, ports: Ports, *, by: StaffAccount) -> StaffAccount:
    """Disable an account: whatever login it has is over.

    Raises:
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: it is one's own, or `by` may not do this to it.
    """
    now = ports.clock()
    if username.lower() == by.username.lower():
        why = f"{by.username} may not disable themselves"
        await refuse(
            by, PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why), ports
        )
    return await _change(
        username, lambda old: old.disable(at=now), ports, by=by, action_type="staff_disabled"
    )


async def enable_staff(username: str, ports: Ports, *, by: StaffAccount) -> StaffAccount:
    """Enable an account again.

    Raises:
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: `by` may not do this to that account.
    """
    now = ports.clock()
    return await _change(
        username, lambda old: old.enable(at=now), ports, by=by, action_type="staff_enabled"
    )


async def set_staff_password(
    username: str, password: str, ports: Ports, credentials: Credentials, *, by: StaffAccount
) -> StaffAccount:
    """Give an account another password: every login it has is over, and it is unlocked.

    Raises:
        InvalidInputError: the password is too easy.
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: `by` may not do this to that account.
    """
    check_new_password(password)
    now, password_hash = ports.clock(), await credentials.passwords.hash(password)
    return await _change(
        username,
        lambda old: old.change_password(password_hash, at=now),
        ports,
        by=by,
        action_type="password_set",
    )


async def list_staff(ports: Ports) -> tuple[StaffAccount, ...]:
    """Return every account, by username."""
    async with ports.unit_of_work() as uow:
        return await uow.staff_accounts.all()


async def look_up_staff(username: str, ports: Ports) -> StaffAccount:
    """Return the account of this username, in any case.

    Raises:
        StaffNotFoundError: nobody has it.
    """
    async with ports.unit_of_work() as uow:
        return await _found(username, uow)


async def _found(username: str, uow: UnitOfWork) -> StaffAccount:
    account = await uow.staff_accounts.find(username)
    if account is None:
        raise StaffNotFoundError(f"no member of staff is called {username}")
    return account


async def _change(
    username: str,
    change: Callable[[StaffAccount], StaffAccount],
    ports: Ports,
    *,
    by: StaffAccount,
    action_type: str,
) -> StaffAccount:
    async with ports.unit_of_work() as uow:
        found = await _found(username, uow)
        old = await uow.staff_accounts.get(found.id, lock=True)
        new = change(old)
        is_allowed = _is_above(by, old) and _is_above(by, new)
        if is_allowed:
            before, after = _difference(old, new)
            await uow.staff_accounts.save(new)
            act = _act(action_type, new, ports, by=by, before=before, after=after)
            await uow.staff_acts.add(act)
            await uow.commit()
    if not is_allowed:
        await _require_above(by, old, ports, subject=f"staff:{old.id}")
        await _require_above(by, new, ports, subject=f"staff:{old.id}")
    return new


def _is_above(by: StaffAccount, other: StaffAccount) -> bool:
    """Nobody gets by another's account what their own may not do."""
    active = other if other.is_active else other.enable(at=other.updated_at)
    return may(by, Permission.MANAGE_STAFF) and permissions_of(active) <= permissions_of(by)


async def _require_above(
    by: StaffAccount, other: StaffAccount, ports: Ports, *, subject: str | None
) -> None:
    if _is_above(by, other):
        return
    why = ""
    if may(by, Permission.MANAGE_STAFF):
        why = f"{by.username} may do less than {other.username}"
    error = PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why)
    await refuse(by, error, ports, subject=subject)


async def _store(account: StaffAccount, ports: Ports, *, by: StaffAccount | None) -> None:
    async with ports.unit_of_work() as uow:
        if by is None:
            await _require_first(account, uow)
        await uow.staff_accounts.add(account)
        act = _act("staff_created", account, ports, by=by, after=_facts(account))
        await uow.staff_acts.add(act)
        await uow.commit()


async def _require_first(account: StaffAccount, uow: UnitOfWork) -> None:
    if await uow.staff_accounts.has_any(lock=True):
        raise PermissionDeniedError(
            NOBODY, Permission.MANAGE_STAFF, why="say who creates another account"
        )
    if account.role is not Role.ADMIN:
        fault = FieldFault(field="role", code="not_admin", message="the first must be an admin")
        raise InvalidInputError([fault])


def _account(new: NewStaff, ports: Ports, *, password_hash: str) -> StaffAccount:
    now = ports.clock()
    return StaffAccount(
        id=ports.ids.new_id(),
        username=new.username,
        email=new.email,
        first_name=new.first_name,
        last_name=new.last_name,
        role=new.role,
        department=new.department or DEPARTMENT_OF[new.role],
        flags=new.flags,
        hire_date=new.hire_date,
        phone=new.phone,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
    )


def _facts(account: StaffAccount) -> dict[str, str | int | bool | None]:
    facts = {name: getattr(account, name) for name in TOLD}
    return facts | {"flags": " ".join(sorted(account.flags))}


def _difference(old: StaffAccount, new: StaffAccount) -> tuple[Facts, Facts]:
    before, after = _facts(old), _facts(new)
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _act(
    action_type: str,
    account: StaffAccount,
    ports: Ports,
    *,
    by: StaffAccount | None,
    before: Facts | None = None,
    after: Facts | None = None,
) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name="system" if by is None else by.username,
        staff_id=None if by is None else by.id,
        action_type=action_type,
        description=f"{action_type.replace('_', ' ')}: {account.username}",
        booking_id=None,
        created_at=ports.clock(),
        subject=f"staff:{account.id}",
        before=before,
        after=after,
    )
