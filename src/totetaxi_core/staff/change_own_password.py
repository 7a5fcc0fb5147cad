"""Change one's own password, by the one there was: every login is over, this one too."""

from dataclasses import dataclass, field
from datetime import datetime

from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import check_new_password
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.login_tries import AccountLockedError, count_failure, key_of
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

CHANGED = "password_changed"


class WrongPasswordError(DomainError):
    """The current password is not this one."""

    code = "invalid_credentials"
    field = "current_password"

    def __init__(self) -> None:
        super().__init__("the current password is wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    current_password: str = field(repr=False)
    new_password: str = field(repr=False)


async def change_own_password(
    account: StaffAccount, change: PasswordChange, ports: Ports, credentials: Credentials
) -> None:
    """Change the password of whoever is logged in; a wrong one counts as one of logging in does.

    Raises:
        InvalidInputError: the new one is too easy.
        WrongPasswordError: the current one is wrong; that is on record.
        AccountLockedError: after five wrong ones in a row; that is on record.
    """
    check_new_password(change.new_password, field="new_password")
    is_right = await credentials.passwords.matches(change.current_password, account.password_hash)
    new_hash = await credentials.passwords.hash(change.new_password)
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        refusal = await _judge(account, uow, is_right=is_right, at=now)
        if refusal is None:
            stored = await uow.staff_accounts.get(account.id, lock=True)
            await uow.staff_accounts.save(stored.change_password(new_hash, at=now))
        await uow.staff_acts.add(_act(account, refusal, ports))
        await uow.commit()
    if refusal is not None:
        raise refusal


async def _judge(
    account: StaffAccount, uow: UnitOfWork, *, is_right: bool, at: datetime
) -> DomainError | None:
    """Return why not, counted; None if the password may change."""
    name_key = key_of(account.username)
    tries = await uow.login_tries.of(name_key)
    try:
        if tries is not None:
            tries.require_unlocked(at=at)
    except AccountLockedError as error:
        return error
    stored = await uow.staff_accounts.get(account.id, lock=True)
    if is_right and stored.password_hash == account.password_hash:
        await uow.login_tries.forget(name_key)
        return None
    await count_failure(name_key, tries, uow.login_tries, at=at)
    return WrongPasswordError()


def _act(account: StaffAccount, refusal: DomainError | None, ports: Ports) -> StaffAct:
    said = "changed their password"
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=account.username,
        staff_id=account.id,
        action_type=CHANGED,
        description=said if refusal is None else f"password not changed: {refusal.code}",
        booking_id=None,
        created_at=ports.clock(),
        subject=f"staff:{account.id}",
        is_refused=refusal is not None,
    )
