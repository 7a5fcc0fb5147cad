"""Accounts are made and changed by those who may, and nobody rises by it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tests.core.staff.staffing import PASSWORD, StaffHouse, a_staffed_house, new_staff
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import (
    change_staff,
    create_staff,
    disable_staff,
    enable_staff,
    list_staff,
    set_staff_password,
)
from totetaxi_core.staff.permission import PermissionDeniedError
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import (
    StaffAccount,
    StaffChanges,
    StaffNotFoundError,
    UsernameTakenError,
)

Attack = Callable[[StaffHouse, StaffAccount], Awaitable[object]]


async def test_given_nobody_when_an_admin_is_created_then_it_is_there_and_on_record() -> None:
    house = await a_staffed_house()

    assert await list_staff(house.ports) == (house.root,)
    assert house.root.role is Role.ADMIN
    assert PASSWORD not in repr(house.root)
    assert house.told() == [("system", "staff_created", False)]


async def test_given_nobody_when_the_first_is_no_admin_then_it_is_refused() -> None:
    house = StaffHouse()

    with pytest.raises(InvalidInputError, match="admin"):
        await house.hire("maria", Role.OPERATIONS, by=None)

    assert await list_staff(house.ports) == ()


async def test_given_an_admin_when_another_is_created_by_nobody_then_refused_and_on_record() -> (
    None
):
    house = await a_staffed_house()

    with pytest.raises(PermissionDeniedError):
        await house.hire("eve", Role.ADMIN, by=None)

    assert await list_staff(house.ports) == (house.root,)
    assert house.told()[-1] == ("unknown", "permission_denied", True)


async def test_given_a_username_when_taken_in_other_case_then_it_is_refused() -> None:
    house = await a_staffed_house()

    with pytest.raises(UsernameTakenError):
        await house.hire("ROOT", Role.FINANCE, by=house.root)


@pytest.mark.parametrize("username", ["x", "", "a b", "maria\n", "-x", "guest", "System", "ä" * 4])
async def test_given_a_bad_username_when_created_then_it_is_named(username: str) -> None:
    house = await a_staffed_house()

    with pytest.raises(InvalidInputError) as refused:
        await house.hire(username, Role.FINANCE, by=house.root)

    assert refused.value.field == "username"


async def test_given_a_bad_username_and_password_when_created_then_both_are_named() -> None:
    house = await a_staffed_house()
    new = replace(new_staff("x"), password="short")

    with pytest.raises(InvalidInputError) as refused:
        await create_staff(new, house.ports, house.credentials, by=house.root)

    assert {fault.field for fault in refused.value.faults} == {"username", "password"}


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Short1", "too_short"),
        ("no-upper-1", "no_upper_case"),
        ("No-digit-x", "no_digit"),
        ("Tab\there-1", "control_character"),
        ("No-text-1\udcff", "control_character"),
    ],
)
async def test_given_an_easy_password_when_set_then_it_is_refused(password: str, code: str) -> None:
    house = await a_staffed_house()

    with pytest.raises(InvalidInputError) as refused:
        await set_staff_password("root", password, house.ports, house.credentials, by=house.root)

    assert [fault.code for fault in refused.value.faults] == [code]


async def make_admin_of_self(house: StaffHouse, by: StaffAccount) -> object:
    return await change_staff(by.username, StaffChanges(role=Role.ADMIN), house.ports, by=by)


async def give_self_a_flag(house: StaffHouse, by: StaffAccount) -> object:
    flags = by.flags | {Flag.CAN_APPROVE_REFUNDS}
    return await change_staff(by.username.upper(), StaffChanges(flags=flags), house.ports, by=by)


async def create_an_admin(house: StaffHouse, by: StaffAccount) -> object:
    return await house.hire("eve", Role.ADMIN, by=by)


async def create_a_richer_one(house: StaffHouse, by: StaffAccount) -> object:
    return await house.hire("eve", Role.FINANCE, by=by)


async def raise_a_friend(house: StaffHouse, by: StaffAccount) -> object:
    changes = StaffChanges(flags=frozenset({Flag.CAN_APPROVE_REFUNDS}))
    return await change_staff("friend", changes, house.ports, by=by)


async def take_over_the_admin(house: StaffHouse, by: StaffAccount) -> object:
    return await set_staff_password("root", PASSWORD, house.ports, house.credentials, by=by)


async def lock_out_the_admin(house: StaffHouse, by: StaffAccount) -> object:
    return await disable_staff("root", house.ports, by=by)


@pytest.mark.parametrize(
    "attack",
    [
        make_admin_of_self,
        give_self_a_flag,
        create_an_admin,
        create_a_richer_one,
        raise_a_friend,
        take_over_the_admin,
        lock_out_the_admin,
    ],
)
async def test_given_a_manager_of_staff_when_reaching_above_then_it_is_refused_and_on_record(
    attack: Attack,
) -> None:
    house = await a_staffed_house()
    manager = await house.hire("max", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_STAFF, by=house.root)
    await house.hire("friend", Role.CUSTOMER_SERVICE, by=manager)
    before = dict(house.database.staff_accounts.rows)

    with pytest.raises(PermissionDeniedError):
        await attack(house, manager)

    assert house.database.staff_accounts.rows == before
    assert house.told()[-1] == ("max", "permission_denied", True)


async def test_given_no_flag_when_managing_then_it_is_refused_and_on_record() -> None:
    house = await a_staffed_house()
    maria = await house.hire("maria", Role.OPERATIONS, by=house.root)

    with pytest.raises(PermissionDeniedError, match="maria may not manage staff"):
        await house.hire("eve", Role.LOGISTICS, by=maria)

    assert house.told()[-1] == ("maria", "permission_denied", True)


async def test_given_an_admin_when_changing_own_rights_or_disabling_oneself_then_refused() -> None:
    house = await a_staffed_house()

    with pytest.raises(PermissionDeniedError, match="themselves"):
        await change_staff("root", StaffChanges(role=Role.FINANCE), house.ports, by=house.root)
    with pytest.raises(PermissionDeniedError, match="themselves"):
        await disable_staff("Root", house.ports, by=house.root)

    assert house.account(house.root) == house.root


async def test_given_an_account_when_changed_then_what_was_and_is_goes_on_record() -> None:
    house = await a_staffed_house()
    maria = await house.hire("maria", Role.OPERATIONS, by=house.root)
    changes = StaffChanges(role=Role.FINANCE, flags=frozenset({Flag.CAN_APPROVE_REFUNDS}))

    changed = await change_staff("Maria", changes, house.ports, by=house.root)

    act = house.acts()[-1]
    assert (changed.role, changed.flags) == (Role.FINANCE, changes.flags)
    assert house.account(maria) == changed
    assert (act.staff_name, act.subject) == ("root", f"staff:{maria.id}")
    assert act.before == {"role": "operations", "flags": ""}
    assert act.after == {"role": "finance", "flags": "can_approve_refunds"}


async def test_given_an_account_when_disabled_and_enabled_then_its_tokens_stay_dead() -> None:
    house = await a_staffed_house()
    maria = await house.hire("maria", Role.OPERATIONS, by=house.root)

    disabled = await disable_staff("maria", house.ports, by=house.root)
    enabled = await enable_staff("maria", house.ports, by=house.root)

    assert (disabled.is_active, enabled.is_active) == (False, True)
    assert enabled.token_version > maria.token_version


async def test_given_nobody_of_this_name_when_changed_then_it_is_not_found() -> None:
    house = await a_staffed_house()

    with pytest.raises(StaffNotFoundError):
        await disable_staff("eve", house.ports, by=house.root)


def test_given_a_new_account_when_shown_then_its_password_is_not() -> None:
    new = new_staff("maria")

    assert new.password == PASSWORD
    assert PASSWORD not in repr(new)


@pytest.mark.parametrize(
    "changes",
    [StaffChanges(), StaffChanges(phone="+12127365000"), StaffChanges(is_active=True)],
)
async def test_given_an_account_when_nothing_would_change_then_it_is_refused_and_not_recorded(
    changes: StaffChanges,
) -> None:
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)
    await change_staff("maria", StaffChanges(phone="+12127365000"), house.ports, by=house.root)
    told = house.told()

    with pytest.raises(InvalidInputError) as refused:
        await change_staff("maria", changes, house.ports, by=house.root)

    assert [fault.code for fault in refused.value.faults] == ["no_change"]
    assert house.told() == told


async def test_given_one_who_was_disabled_meanwhile_when_acting_then_it_is_refused() -> None:
    house = await a_staffed_house()
    maria = await house.hire("maria", Role.ADMIN, by=house.root)
    await disable_staff("maria", house.ports, by=house.root)

    with pytest.raises(PermissionDeniedError):
        await disable_staff("root", house.ports, by=maria)
    with pytest.raises(PermissionDeniedError):
        await house.hire("eve", Role.ADMIN, by=maria)

    assert house.account(house.root).is_active
    assert house.told()[-2:] == [("maria", "permission_denied", True)] * 2


async def test_given_a_manager_when_setting_their_own_password_as_anothers_then_refused() -> None:
    house = await a_staffed_house()

    with pytest.raises(PermissionDeniedError, match="present one"):
        await set_staff_password(
            "ROOT", PASSWORD, house.ports, house.credentials, by=house.root, of_another=True
        )

    assert house.account(house.root) == house.root
