"""Create, change, disable and enable members of staff, and set their passwords."""

import json
import sys
from collections.abc import Awaitable, Callable, Mapping

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import Job, run
from totetaxi_cli.question import new_password
from totetaxi_cli.staff_commands import StaffCommand, as_staff, from_here
from totetaxi_cli.staff_views import show_to_terminal
from totetaxi_core.staff.manage_staff import (
    change_staff,
    create_staff,
    disable_staff,
    enable_staff,
    list_staff,
    look_up_staff,
    set_staff_password,
)
from totetaxi_core.staff.staff_account import StaffAccount
from totetaxi_http.schemas.staff import NewStaffBody, StaffChangesBody
from totetaxi_http.wire.structuring import structure_body

Act = Callable[[Wiring, StaffAccount], Awaitable[StaffAccount]]


def create_to_terminal(given: Mapping[str, object], *, staff: str | None, as_json: bool) -> None:
    """Create an account and show it; the first of all in nobody's name.

    Raises:
        InvalidInputError: bad fields or password; or the first is not an admin.
        UsernameTakenError: another has the username.
        PermissionDeniedError: staff may not.
    """
    body: NewStaffBody = structure_body(json.dumps(_stated(given)).encode(), NewStaffBody)

    async def create(wiring: Wiring, by: StaffAccount | None) -> StaffAccount:
        today = wiring.ports.clock().astimezone(wiring.terms.zone).date()
        new = body.to_new_staff(_new_password(), today=today)
        return await create_staff(new, wiring.ports, wiring.credentials, by=by)

    async def in_nobodys_name(wiring: Wiring) -> StaffAccount:
        return await create(from_here(wiring), None)

    async def in_a_name(wiring: Wiring, staff_name: str) -> StaffAccount:
        is_first = not await list_staff(wiring.ports)
        return await create(
            wiring, None if is_first else await look_up_staff(staff_name, wiring.ports)
        )

    job: Job[StaffAccount] = in_nobodys_name
    if staff is not None:
        job = as_staff(staff, StaffCommand.STAFF_CREATE, in_a_name)
    show_to_terminal(run(job), as_json=as_json)


def change_to_terminal(
    username: str, given: Mapping[str, object], *, staff: str, as_json: bool
) -> None:
    """Change an account and show it.

    Raises:
        InvalidInputError: bad fields.
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: staff may not.
    """
    body: StaffChangesBody = structure_body(json.dumps(_stated(given)).encode(), StaffChangesBody)

    async def change(wiring: Wiring, by: StaffAccount) -> StaffAccount:
        return await change_staff(username, body.to_changes(), wiring.ports, by=by)

    _do(change, StaffCommand.STAFF_CHANGE, staff=staff, as_json=as_json)


def disable_to_terminal(username: str, *, staff: str, as_json: bool) -> None:
    """Disable an account and show it.

    Raises:
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: staff may not.
    """

    async def disable(wiring: Wiring, by: StaffAccount) -> StaffAccount:
        return await disable_staff(username, wiring.ports, by=by)

    _do(disable, StaffCommand.STAFF_DISABLE, staff=staff, as_json=as_json)


def enable_to_terminal(username: str, *, staff: str, as_json: bool) -> None:
    """Enable an account and show it.

    Raises:
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: staff may not.
    """

    async def enable(wiring: Wiring, by: StaffAccount) -> StaffAccount:
        return await enable_staff(username, wiring.ports, by=by)

    _do(enable, StaffCommand.STAFF_ENABLE, staff=staff, as_json=as_json)


def set_password_to_terminal(username: str, *, staff: str, as_json: bool) -> None:
    """Set an account's password.

    Raises:
        InvalidInputError: it is too easy.
        StaffNotFoundError: nobody has this username.
        PermissionDeniedError: staff may not.
    """

    async def set_password(wiring: Wiring, by: StaffAccount) -> StaffAccount:
        password = _new_password()
        return await set_staff_password(username, password, wiring.ports, wiring.credentials, by=by)

    _do(set_password, StaffCommand.STAFF_SET_PASSWORD, staff=staff, as_json=as_json)


def _do(act: Act, command: StaffCommand, *, staff: str, as_json: bool) -> None:
    async def job(wiring: Wiring, staff_name: str) -> StaffAccount:
        return await act(wiring, await look_up_staff(staff_name, wiring.ports))

    show_to_terminal(run(as_staff(staff, command, job)), as_json=as_json)


def _stated(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None}


def _new_password() -> str:
    """Ask twice at a terminal; else take the first line, so that no list of processes shows it."""
    if sys.stdin.isatty():
        return new_password()
    return sys.stdin.readline().rstrip("\r\n")
