"""One's own password is changed by the one there was."""

import pytest

from tests.core.staff.staffing import PASSWORD, StaffHouse, a_staffed_house
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.refusal import DomainError, InvalidInputError
from totetaxi_core.staff.change_own_password import PasswordChange, change_own_password
from totetaxi_core.staff.log_in_staff import authenticate_staff, refresh_staff

NEW = "Battery-staple-2"


async def change(house: StaffHouse, current: str, new: str = NEW) -> str:
    wanted = PasswordChange(current_password=current, new_password=new)
    account = house.account(house.root)
    try:
        await change_own_password(account, wanted, house.ports, house.credentials)
    except DomainError as error:
        return error.code
    return "changed"


async def test_given_the_present_password_when_changed_then_every_login_is_over() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")

    answer = await change(house, PASSWORD)

    with pytest.raises(InvalidTokenError):
        await authenticate_staff(login.access_token, house.ports, house.credentials)
    with pytest.raises(InvalidTokenError):
        await refresh_staff(login.refresh_token, house.ports, house.credentials)
    assert (answer, house.told()[-1]) == ("changed", ("root", "password_changed", False))
    assert (await house.log_in("root", NEW)).account.username == "root"


async def test_given_a_wrong_password_when_tried_five_times_then_the_account_is_locked() -> None:
    house = await a_staffed_house()

    answers = [await change(house, "Wrong-horse-1") for _ in range(5)]
    right = await change(house, PASSWORD)

    assert answers == ["invalid_credentials"] * 5
    assert right == "account_locked"
    assert house.account(house.root) == house.root
    assert house.told()[-1] == ("root", "password_changed", True)


async def test_given_an_easy_password_when_changed_then_it_is_refused_before_any_work() -> None:
    house = await a_staffed_house()
    wanted = PasswordChange(current_password=PASSWORD, new_password="short")

    with pytest.raises(InvalidInputError) as refused:
        await change_own_password(house.root, wanted, house.ports, house.credentials)

    assert {fault.field for fault in refused.value.faults} == {"new_password"}
    assert house.hasher.compared == 0
    assert PASSWORD not in repr(wanted)
