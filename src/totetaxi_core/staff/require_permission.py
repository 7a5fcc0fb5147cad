"""Ask the table before an act; a refusal goes on record."""

from uuid import UUID

from totetaxi_core.ports import Ports
from totetaxi_core.staff.permission import Permission, PermissionDeniedError, may
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_core.staff.staff_act import StaffAct


async def require_permission(
    account: StaffAccount, permission: Permission, ports: Ports, *, subject: str | None = None
) -> None:
    """Let an account pass that may do this, on what `subject` names.

    Raises:
        PermissionDeniedError: it may not; that is on record.
    """
    if not may(account, permission):
        denied = PermissionDeniedError(account.username, permission)
        await refuse(account, denied, ports, subject=subject)


async def require_staff(username: str, permission: Permission, ports: Ports) -> StaffAccount | None:
    """Return the account in whose name something is done; None while there is no account at all.

    Raises:
        PermissionDeniedError: nobody has this username, or they may not; that is on record.
    """
    async with ports.unit_of_work() as uow:
        account = await uow.staff_accounts.find(username)
        is_staffed = account is not None or await uow.staff_accounts.has_any()
    if account is not None:
        await require_permission(account, permission, ports)
    elif is_staffed:
        why = f"no member of staff is called {username}"
        error = PermissionDeniedError(username, permission, why=why)
        await refuse(None, error, ports)
    return account


async def refuse(
    account: StaffAccount | None,
    error: PermissionDeniedError,
    ports: Ports,
    *,
    subject: str | None = None,
) -> None:
    """Record a refusal, of nobody known where there is no account, and raise it."""
    staff_id = None if account is None else account.id
    await _record(error, ports, staff_id=staff_id, subject=subject)
    raise error


async def _record(
    error: PermissionDeniedError, ports: Ports, *, staff_id: UUID | None, subject: str | None
) -> None:
    """In a transaction of its own: nothing that is refused can undo it."""
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=error.username,
                staff_id=staff_id,
                action_type=error.code,
                description=str(error),
                booking_id=None,
                created_at=ports.clock(),
                subject=subject,
                is_refused=True,
            )
        )
        await uow.commit()
