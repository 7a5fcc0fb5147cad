"""Logging in, staying so, and every way a token or password may fail."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.staff.staffing import PASSWORD, StaffHouse, a_staffed_house
from totetaxi_core.accounts.access_token import (
    AccessClaims,
    Audience,
    InvalidTokenError,
    WrongAudienceError,
)
from totetaxi_core.accounts.credentials import InvalidCredentialsError
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.log_in_staff import (
    SignedIn,
    authenticate_staff,
    log_out_staff,
    refresh_staff,
)
from totetaxi_core.staff.login_tries import AccountLockedError
from totetaxi_core.staff.manage_staff import disable_staff, enable_staff, set_staff_password
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import AccountDisabledError

WRONG = "Wrong-horse-1"
SECOND = timedelta(seconds=1)


async def who(house: StaffHouse, token: str) -> SignedIn:
    return await authenticate_staff(token, house.ports, house.credentials)


async def refreshed(house: StaffHouse, token: str) -> tuple[str, str]:
    login = await refresh_staff(token, house.ports, house.credentials)
    return login.access_token, login.refresh_token


async def outcome(house: StaffHouse, password: str, *, username: str = "root") -> str:
    try:
        await house.log_in(username, password)
    except DomainError as error:
        return error.code
    return "in"


async def test_given_the_right_password_when_logged_in_then_the_token_says_who() -> None:
    house = await a_staffed_house()

    login = await house.log_in("ROOT")

    signed_in = await who(house, login.access_token)
    assert signed_in == SignedIn(account=login.account, session_id=login.session_id)
    assert house.told()[-1] == ("root", "login", False)
    assert login.refresh_token not in repr(login)


async def test_given_a_known_and_an_unknown_name_when_tried_then_words_and_work_are_the_same() -> (
    None
):
    house = await a_staffed_house()

    with pytest.raises(InvalidCredentialsError) as known:
        await house.log_in("root", WRONG)
    worked = house.hasher.compared
    with pytest.raises(InvalidCredentialsError) as unknown:
        await house.log_in("nobody-here", WRONG)

    assert str(known.value) == str(unknown.value)
    assert (worked, house.hasher.compared) == (1, 2)
    assert house.told()[-2:] == [("root", "login", True), ("unknown", "login", True)]


async def test_given_five_wrong_passwords_when_the_right_one_comes_then_it_waits_30_minutes() -> (
    None
):
    house = await a_staffed_house()
    tries = [await outcome(house, WRONG) for _ in range(5)]

    with pytest.raises(AccountLockedError) as locked:
        await house.log_in("root")
    house.clock.set(house.clock() + timedelta(minutes=30) - SECOND)
    still = await outcome(house, PASSWORD)
    house.clock.set(house.clock() + SECOND)

    assert tries == ["invalid_credentials"] * 5
    assert locked.value.retry_after_s == 1_800
    assert still == "account_locked"
    assert await outcome(house, PASSWORD) == "in"


async def test_given_four_wrong_passwords_when_the_right_one_comes_then_counting_begins_anew() -> (
    None
):
    house = await a_staffed_house()
    for _ in range(4):
        await outcome(house, WRONG)

    first = await outcome(house, PASSWORD)
    later = [await outcome(house, WRONG) for _ in range(4)]

    assert first == "in"
    assert later == ["invalid_credentials"] * 4
    assert await outcome(house, PASSWORD) == "in"


@pytest.mark.parametrize("name", ["nobody-here", "M\u0130KA", "it was my password"])
async def test_given_a_name_nobody_has_when_tried_six_times_then_it_answers_as_one_that_is(
    name: str,
) -> None:
    house = await a_staffed_house()

    known = [await outcome(house, WRONG) for _ in range(6)]
    unknown = [await outcome(house, WRONG, username=name) for _ in range(6)]
    other_case = await outcome(house, WRONG, username=name.lower())

    assert known == unknown == ["invalid_credentials"] * 5 + ["account_locked"]
    assert other_case == "account_locked"
    assert name not in repr(house.database.login_tries.rows)
    assert house.told()[-1] == ("unknown", "login", True)


@pytest.mark.parametrize("name", ["root", "nobody-here"])
async def test_given_four_wrong_passwords_when_a_day_has_passed_then_counting_begins_anew(
    name: str,
) -> None:
    house = await a_staffed_house()
    for _ in range(4):
        await outcome(house, WRONG, username=name)

    house.clock.set(house.clock() + timedelta(days=1))
    later = [await outcome(house, WRONG, username=name) for _ in range(5)]

    assert later == ["invalid_credentials"] * 5
    assert await outcome(house, WRONG, username=name) == "account_locked"


async def test_given_names_that_failed_days_ago_when_another_fails_then_they_are_forgotten() -> (
    None
):
    house = await a_staffed_house()
    for number in range(3):
        await outcome(house, WRONG, username=f"nobody{number}")

    house.clock.set(house.clock() + timedelta(days=1, seconds=1))
    await outcome(house, WRONG, username="root")

    assert len(house.database.login_tries.rows) == 1


async def test_given_a_locked_account_when_its_password_is_set_by_another_then_it_is_open() -> None:
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)
    for _ in range(5):
        await outcome(house, WRONG, username="maria")

    await set_staff_password("maria", PASSWORD, house.ports, house.credentials, by=house.root)

    assert await outcome(house, PASSWORD, username="maria") == "in"


async def test_given_twenty_tries_at_once_when_judged_then_five_are_and_the_account_is_locked() -> (
    None
):
    house = await a_staffed_house()

    tries = await asyncio.gather(
        *(outcome(house, WRONG) for _ in range(19)), outcome(house, PASSWORD)
    )

    assert tries.count("invalid_credentials") <= 5
    assert tries.count("account_locked") >= 14
    assert await outcome(house, PASSWORD) == "account_locked"


async def test_given_a_disabled_account_when_tried_then_only_its_password_tells_so() -> None:
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)
    await disable_staff("maria", house.ports, by=house.root)

    with pytest.raises(AccountDisabledError):
        await house.log_in("maria")

    assert await outcome(house, WRONG, username="maria") == "invalid_credentials"


async def test_given_a_token_when_disabled_enabled_or_given_another_password_then_it_is_dead() -> (
    None
):
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)
    before = await house.log_in("maria")

    await disable_staff("maria", house.ports, by=house.root)
    with pytest.raises(InvalidTokenError):
        await who(house, before.access_token)
    await enable_staff("maria", house.ports, by=house.root)
    with pytest.raises(InvalidTokenError):
        await who(house, before.access_token)
    again = await house.log_in("maria")
    await set_staff_password("maria", WRONG, house.ports, house.credentials, by=house.root)

    for token in (before, again):
        with pytest.raises(InvalidTokenError):
            await who(house, token.access_token)
        with pytest.raises(InvalidTokenError):
            await refreshed(house, token.refresh_token)


async def test_given_an_hour_when_over_then_the_access_token_is_and_a_refresh_renews_it() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")

    house.clock.set(house.clock() + timedelta(hours=1) - SECOND)
    await who(house, login.access_token)
    house.clock.set(house.clock() + SECOND)
    with pytest.raises(InvalidTokenError):
        await who(house, login.access_token)
    access_token, _ = await refreshed(house, login.refresh_token)

    assert (await who(house, access_token)).account == login.account


async def test_given_an_old_refresh_token_when_used_again_then_the_whole_family_ends() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")
    other = await house.log_in("root")
    access_token, next_token = await refreshed(house, login.refresh_token)

    with pytest.raises(InvalidTokenError):
        await refreshed(house, login.refresh_token)

    with pytest.raises(InvalidTokenError):
        await refreshed(house, next_token)
    with pytest.raises(InvalidTokenError):
        await who(house, access_token)
    assert (await who(house, other.access_token)).session_id == other.session_id
    assert house.told()[-1] == ("root", "token_reused", True)


async def test_given_one_refresh_token_when_used_twice_at_once_then_one_gets_through() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")

    answers = await asyncio.gather(
        *(refreshed(house, login.refresh_token) for _ in range(2)), return_exceptions=True
    )

    assert [isinstance(answer, InvalidTokenError) for answer in answers].count(True) == 1


async def test_given_seven_days_without_use_when_refreshed_then_it_is_over() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")

    house.clock.set(house.clock() + timedelta(days=7))

    with pytest.raises(InvalidTokenError):
        await refreshed(house, login.refresh_token)
    await house.log_in("root")
    assert [session.id for session in house.database.sessions.rows.values()] != [login.session_id]


@pytest.mark.parametrize(
    "token", ["", ".", "x", "0" * 32, "0" * 32 + ".", "é" * 32 + ".x", "g" * 32 + ".x"]
)
async def test_given_nonsense_when_refreshed_then_it_is_refused(token: str) -> None:
    house = await a_staffed_house()

    with pytest.raises(InvalidTokenError):
        await refreshed(house, token)


async def test_given_logged_out_when_either_token_is_used_then_it_is_refused() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")

    await log_out_staff(await who(house, login.access_token), house.ports)

    with pytest.raises(InvalidTokenError):
        await who(house, login.access_token)
    with pytest.raises(InvalidTokenError):
        await refreshed(house, login.refresh_token)
    assert house.told()[-1] == ("root", "logout", False)


async def test_given_a_token_of_a_customer_when_shown_to_staff_then_it_is_refused() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")
    claims = AccessClaims(
        audience=Audience.CUSTOMER,
        account_id=login.account.id,
        session_id=login.session_id,
        version=1,
    )

    token = house.credentials.access_tokens.issue(claims, at=house.clock())

    with pytest.raises(WrongAudienceError):
        await who(house, token)


async def test_given_a_session_of_a_customer_when_refreshed_as_staff_then_it_is_refused() -> None:
    house = await a_staffed_house()
    login = await house.log_in("root")
    sessions = house.database.sessions.rows
    sessions[login.session_id] = replace(sessions[login.session_id], audience=Audience.CUSTOMER)

    with pytest.raises(InvalidTokenError):
        await refreshed(house, login.refresh_token)


async def test_given_a_login_when_stored_then_neither_password_nor_token_is() -> None:
    house = await a_staffed_house()

    login = await house.log_in("root")

    stored = repr(house.stored())
    assert PASSWORD not in stored
    assert login.refresh_token.partition(".")[2] not in stored
    assert login.access_token not in stored


async def test_given_the_session_of_another_when_a_token_names_it_then_it_is_refused() -> None:
    house = await a_staffed_house()
    maria = await house.hire("maria", Role.OPERATIONS, by=house.root)
    login = await house.log_in("root")
    claims = AccessClaims(
        audience=Audience.STAFF, account_id=maria.id, session_id=login.session_id, version=1
    )

    token = house.credentials.access_tokens.issue(claims, at=house.clock())

    with pytest.raises(InvalidTokenError):
        await who(house, token)
