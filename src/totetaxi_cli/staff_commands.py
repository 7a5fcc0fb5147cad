"""Which command needs which permission, and in whose name it is done."""

import getpass
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import Job
from totetaxi_cli.staff_name import checked_staff_name
from totetaxi_core.staff.acting import acting
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.require_permission import require_staff

Answer = TypeVar("Answer")
StaffJob = Callable[[Wiring, str], Awaitable[Answer]]


class StaffCommand(StrEnum):
    """The commands that take `--as`."""

    BOOKINGS_CREATE = "bookings create"
    BOOKINGS_CANCEL = "bookings cancel"
    PAYMENTS_LINK = "payments link"
    REFUNDS_REQUEST = "refunds request"
    REFUNDS_APPROVE = "refunds approve"
    REFUNDS_REJECT = "refunds reject"
    JOBS_RETRY = "jobs retry"
    STAFF_CREATE = "staff create"
    STAFF_CHANGE = "staff change"
    STAFF_DISABLE = "staff disable"
    STAFF_ENABLE = "staff enable"
    STAFF_SET_PASSWORD = "staff set-password"  # noqa: S105  a command's name
    AUDIT_ERASE = "audit erase"


NEEDED: Final[Mapping[StaffCommand, Permission]] = {
    StaffCommand.BOOKINGS_CREATE: Permission.CREATE_BOOKINGS,
    StaffCommand.BOOKINGS_CANCEL: Permission.EDIT_BOOKINGS,
    StaffCommand.PAYMENTS_LINK: Permission.SEND_PAYMENT_LINKS,
    StaffCommand.REFUNDS_REQUEST: Permission.REQUEST_REFUNDS,
    StaffCommand.REFUNDS_APPROVE: Permission.APPROVE_REFUNDS,
    StaffCommand.REFUNDS_REJECT: Permission.APPROVE_REFUNDS,
    StaffCommand.JOBS_RETRY: Permission.RETRY_JOBS,
    StaffCommand.STAFF_CREATE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_CHANGE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_DISABLE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_ENABLE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_SET_PASSWORD: Permission.MANAGE_STAFF,
    StaffCommand.AUDIT_ERASE: Permission.ERASE_STAFF_ACTS,
}


def as_staff(name: str, command: StaffCommand, job: StaffJob[Answer]) -> Job[Answer]:
    """Return the job, done in a name once that may do it; each of its acts says from where.

    The job is told the username, or the name as given while there is no account.

    Raises:
        InvalidInputError: it is blank, too long, or not a person's.
    """
    given = checked_staff_name(name)

    async def done(wiring: Wiring) -> Answer:
        account = await require_staff(given, NEEDED[command], from_here(wiring).ports)
        if account is None:
            return await job(from_here(wiring), given)
        return await job(from_here(wiring, staff_id=account.id), account.username)

    return done


def from_here(wiring: Wiring, *, staff_id: UUID | None = None) -> Wiring:
    """Return the wiring whose staff acts are recorded as those of this command line."""
    origin = Origin(channel=Channel.CLI, staff_id=staff_id, user_agent=machine_account())
    return replace(wiring, ports=acting(wiring.ports, origin))


def machine_account() -> str:
    """Return `user@host`: who runs the command here."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "unknown"  # no such entry: as in a container with a number for a user
    return f"{user}@{socket.gethostname()}"
