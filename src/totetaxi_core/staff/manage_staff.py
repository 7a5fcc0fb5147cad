"""Create, change, disable and enable accounts: of others, who may do no more than oneself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError, faults_of
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.log_in_staff import NOBODY
from totetaxi_core.staff.login_tries import key_of
from totetaxi_core.staff.permission import Permission, PermissionDeniedError
from totetaxi_core.staff.require_permission import refuse
from totetaxi_core.staff.rights_above import check_above, is_above
from totetaxi_core.staff.role import DEPARTMENT_OF, Role
from totetaxi_core.staff.staff_account import (
    StaffAccount,
    StaffChanges,
    StaffNotFoundError,
    check_username,
)
from totetaxi_core.staff.staff_act import Facts, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

TOLD = ("email", "first_name", "last_name", "role", "department", "hire_date", "phone", "is_active")
PASSWORD_SET = "password_set"  # noqa: S105  an act's name


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
    faults = (
        *faults_of(lambda: check_username(new.username)),
        *faults_of(lambda: check_new_password(new.password)),
    )
    if faults:
        raise InvalidInputError(faults)
    password_hash = await credentials.passwords.hash(new.password)
    account = _account(new, ports, password_hash=password_hash)
    try:
        await _store(account, ports, by=by)
    except PermissionDeniedError as error:
        await refuse(by, error, ports)
    return account


async def change_staff(
    username: str, changes: StaffChanges, ports: Ports, *, by: StaffAccount
) -> StaffAccount:
    """Change an account; nobody changes their own role or flags, or disables themselves.

    Whatever login a disabled account has is over at once.

    Raises:
        InvalidInputError: it stands so already.
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: `by` may not do this to that account.
    """
    now = ports.clock()
    if changes.change_rights and username.lower() == by.username.lower():
        why = f"{by.username} may not change what they may do themselves"
        await refuse(
            by, PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why), ports
        )
    return await _change(username, lambda old: old.change(changes, at=now), ports, by=by)


async def disable_staff(username: str, ports: Ports, *, by: StaffAccount) -> StaffAccount:
    """Disable an account, as `change_staff` does."""
    return await change_staff(username, StaffChanges(is_active=False), ports, by=by)


async def enable_staff(username: str, ports: Ports, *, by: StaffAccount) -> StaffAccount:
    """Enable an account again, as `change_staff` does."""
    return await change_staff(username, StaffChanges(is_active=True), ports, by=by)


async def set_staff_password(
    username: str,
    password: str,
    ports: Ports,
    credentials: Credentials,
    *,
    by: StaffAccount,
    of_another: bool = False,
) -> StaffAccount:
    """Give an account another password: every login it has is over, and it is unlocked.

    `of_another` refuses one's own: whoever came by a login could keep it so.

    Raises:
        InvalidInputError: the password is too easy.
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: `by` may not do this to that account.
    """
    check_new_password(password)
    if of_another and username.lower() == by.username.lower():
        why = f"{by.username} may change their own password by the present one alone"
        await refuse(
            by, PermissionDeniedError(by.username, Permission.MANAGE_STAFF, why=why), ports
        )
    now, password_hash = ports.clock(), await credentials.passwords.hash(password)
    return await _change(
        username,
        lambda old: old.change_password(password_hash, at=now),
        ports,
        by=by,
        action_type=PASSWORD_SET,
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
    action_type: str | None = None,
) -> StaffAccount:
    async with ports.unit_of_work() as uow:
        await uow.staff_accounts.lock_rights()
        # Again, under lock: whoever acted on them at the same time may have taken their rights.
        by = await uow.staff_accounts.get(by.id)
        found = await _found(username, uow)
        if action_type == PASSWORD_SET:
            await _unlock(found, uow)
        old = await uow.staff_accounts.get(found.id, lock=True)
        new = change(old)
        is_allowed = is_above(by, old) and is_above(by, new)
        if is_allowed:
            before, after = _difference(old, new)
            _require_difference(action_type, after)
            await uow.staff_accounts.save(new)
            named = action_type or _named(before, after)
            await uow.staff_acts.add(_act(named, new, ports, by=by, before=before, after=after))
            await uow.commit()
    if not is_allowed:
        await _refuse_above(by, (old, new), ports)
    return new


async def _refuse_above(by: StaffAccount, others: tuple[StaffAccount, ...], ports: Ports) -> None:
    try:
        for other in others:
            check_above(by, other)
    except PermissionDeniedError as error:
        await refuse(by, error, ports, subject=f"staff:{others[0].id}")


async def _unlock(account: StaffAccount, uow: UnitOfWork) -> None:
    name_key = key_of(account.username)
    await uow.login_tries.of(name_key)
    await uow.login_tries.forget(name_key)


def _require_difference(action_type: str | None, after: Facts) -> None:
    if action_type is None and not after:
        message = "nothing would change: it stands so already"
        raise InvalidInputError([FieldFault(field="body", code="no_change", message=message)])


def _named(before: Facts, after: Facts) -> str:
    if "is_active" not in after:
        return "staff_changed"
    return "staff_disabled" if before["is_active"] else "staff_enabled"


async def _store(account: StaffAccount, ports: Ports, *, by: StaffAccount | None) -> None:
    async with ports.unit_of_work() as uow:
        if by is None:
            await _require_first(account, uow)
        else:
            await uow.staff_accounts.lock_rights()
            check_above(await uow.staff_accounts.get(by.id), account)
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
    hired = account.hire_date.isoformat()
    return facts | {"hire_date": hired, "flags": " ".join(sorted(account.flags))}


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
