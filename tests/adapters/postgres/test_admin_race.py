"""Two admins who take each other's rights at once: one of them stays."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psycopg
import pytest

from tests.adapters.postgres.server_view import until_blocked
from tests.conftest import PostgresUowFactory
from tests.core.staff.staffing import StaffHouse, a_staff_account
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.manage_staff import change_staff, disable_staff
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import StaffAccount, StaffChanges

Act = Callable[[StaffAccount, StaffAccount, Ports], Awaitable[object]]
HOLD = b"SELECT 1 FROM staff_accounts FOR UPDATE"
ADMINS = b"SELECT count(*) FROM staff_accounts WHERE is_active AND role = 'admin'"


async def demote(other: StaffAccount, by: StaffAccount, ports: Ports) -> object:
    return await change_staff(other.username, StaffChanges(role=Role.FINANCE), ports, by=by)


async def disable(other: StaffAccount, by: StaffAccount, ports: Ports) -> object:
    return await disable_staff(other.username, ports, by=by)


async def outcome(act: Awaitable[object]) -> str:
    try:
        await act
    except DomainError as error:
        return error.code
    return "done"


@pytest.mark.parametrize(("first", "second"), [(demote, demote), (disable, demote)])
async def test_given_two_admins_when_each_ends_the_other_s_rights_at_once_then_one_stays(
    uow_factory: PostgresUowFactory, database_url: str, first: Act, second: Act
) -> None:
    ports = replace(StaffHouse().ports, unit_of_work=uow_factory)
    root = a_staff_account(username="root", role=Role.ADMIN)
    lou = a_staff_account(username="lou", role=Role.ADMIN)
    async with uow_factory() as uow:
        await uow.staff_accounts.add(root)
        await uow.staff_accounts.add(lou)
        await uow.commit()

    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute(HOLD)
        acts = [
            asyncio.create_task(outcome(first(lou, root, ports))),
            asyncio.create_task(outcome(second(root, lou, ports))),
        ]
        await until_blocked(database_url, 2)
        await holder.rollback()
        told = await asyncio.gather(*acts)
        [admins] = await (await holder.execute(ADMINS)).fetchall()

    assert sorted(told) == ["done", "permission_denied"]
    assert admins == (1,)
