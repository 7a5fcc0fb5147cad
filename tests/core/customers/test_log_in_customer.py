"""A customer logging in, staying so, and every way a token or password may fail."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, an_id
from tests.core.customers.customer_house import (
    EMAIL,
    WRONG,
    CustomerHouse,
    a_customer_house,
    a_customer_with_password,
)
from tests.core.staff.staffing import PASSWORD
from totetaxi_core.accounts.access_token import (
    AccessClaims,
    Audience,
    InvalidTokenError,
    WrongAudienceError,
)
from totetaxi_core.accounts.credentials import InvalidCredentialsError
from totetaxi_core.customers.log_in_customer import (
    log_out_customer,
    log_out_everywhere,
    refresh_customer,
)

HOUR = timedelta(hours=1)


async def refresh(house: CustomerHouse, token: str) -> tuple[str, str]:
    login = await refresh_customer(token, house.ports, house.credentials)
    return login.access_token, login.refresh_token


async def test_given_the_right_password_when_logged_in_then_the_token_says_who() -> None:
    house = await a_customer_house()
    customer = await house.take_in()

    login = await house.log_in_customer("ADA.customer@example.COM")

    assert (await house.authenticate(login.access_token)).customer == customer
    assert login.access_token not in repr(login)
    assert login.refresh_token not in repr(login)


async def test_given_a_known_and_an_unknown_address_when_wrong_then_words_and_work_are_equal() -> (
    None
):
    house = await a_customer_house()
    await house.take_in()
    await house.register(email="waits@example.com")
    told, work = set(), []

    for email in (EMAIL, "nobody@example.com", "waits@example.com"):
        before = house.hasher.work
        with pytest.raises(InvalidCredentialsError) as refused:
            await house.log_in_customer(email, WRONG)
        told.add(str(refused.value))
        work.append(house.hasher.work - before)

    assert told == {"the e-mail address or the password is wrong"}
    assert work == [1, 1, 1]


async def test_given_the_right_password_when_logged_in_then_it_is_one_hash_as_well() -> None:
    house = await a_customer_house()
    await house.take_in()

    await house.log_in_customer()

    assert house.hasher.compared == 1


async def test_given_a_password_changed_meanwhile_when_logged_in_then_it_fails() -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    matches = house.hasher.matches

    async def change_meanwhile(password: str, password_hash: str | None) -> bool:
        async with house.ports.unit_of_work() as uow:
            await uow.customers.save(customer.change_password("another", at=NOW))
            await uow.commit()
        return await matches(password, password_hash)

    house.hasher.matches = change_meanwhile  # type: ignore[method-assign]

    with pytest.raises(InvalidCredentialsError):
        await house.log_in_customer()

    assert house.database.sessions.rows == {}


async def test_given_a_refresh_token_when_used_then_the_next_is_good_and_it_is_not() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()

    access, latest = await refresh(house, login.refresh_token)

    assert (await house.authenticate(access)).session_id == login.session_id
    assert (await refresh(house, latest))[1] not in {latest, login.refresh_token}


async def test_given_a_used_refresh_token_when_used_again_then_the_family_ends() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()
    access, latest = await refresh(house, login.refresh_token)

    with pytest.raises(InvalidTokenError):
        await refresh(house, login.refresh_token)

    with pytest.raises(InvalidTokenError):
        await refresh(house, latest)
    for token in (access, login.access_token):
        with pytest.raises(InvalidTokenError):
            await house.authenticate(token)


async def test_given_one_refresh_token_when_used_twice_at_once_then_one_call_wins_at_most() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()

    got = await asyncio.gather(
        *(refresh(house, login.refresh_token) for _ in range(2)), return_exceptions=True
    )

    assert sorted(isinstance(one, InvalidTokenError) for one in got) == [False, True]


async def test_given_an_hour_gone_when_shown_then_the_access_token_is_over() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()
    house.clock.advance(HOUR)

    with pytest.raises(InvalidTokenError):
        await house.authenticate(login.access_token)

    assert await refresh(house, login.refresh_token)


async def test_given_a_week_gone_when_refreshed_then_the_session_is_over() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()
    house.clock.advance(timedelta(days=7))

    with pytest.raises(InvalidTokenError):
        await refresh(house, login.refresh_token)


async def test_given_two_logins_when_one_logs_out_then_the_other_stays() -> None:
    house = await a_customer_house()
    await house.take_in()
    one, other = await house.log_in_customer(), await house.log_in_customer()

    await log_out_customer(await house.authenticate(one.access_token), house.ports)

    with pytest.raises(InvalidTokenError):
        await house.authenticate(one.access_token)
    with pytest.raises(InvalidTokenError):
        await refresh(house, one.refresh_token)
    assert (await house.authenticate(other.access_token)).session_id == other.session_id


async def test_given_two_logins_when_logged_out_everywhere_then_both_are_over() -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    logins = [await house.log_in_customer() for _ in range(2)]

    await log_out_everywhere(await house.authenticate(logins[0].access_token), house.ports)

    for login in logins:
        with pytest.raises(InvalidTokenError):
            await house.authenticate(login.access_token)
        with pytest.raises(InvalidTokenError):
            await refresh(house, login.refresh_token)
    assert house.customer(customer).token_version == 2
    assert await house.lets_in(PASSWORD)


async def test_given_a_deleted_account_when_its_tokens_are_shown_then_they_are_dead() -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    login = await house.log_in_customer()
    await house.erase(customer)

    with pytest.raises(InvalidTokenError):
        await house.authenticate(login.access_token)
    with pytest.raises(InvalidTokenError):
        await refresh(house, login.refresh_token)
    for email in (EMAIL, ""):
        with pytest.raises(InvalidCredentialsError):
            await house.log_in_customer(email)


async def test_given_tokens_of_staff_when_shown_as_a_customer_then_they_are_refused() -> None:
    house = await a_customer_house()
    staff = await house.log_in("root")

    with pytest.raises(WrongAudienceError):
        await house.authenticate(staff.access_token)
    with pytest.raises(InvalidTokenError):
        await refresh(house, staff.refresh_token)

    assert house.database.sessions.rows[staff.session_id].ended_at is None


async def test_given_a_token_for_another_account_s_session_when_shown_then_it_is_refused() -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    other = await house.take_in(a_customer_with_password("bea@example.com"))
    login = await house.log_in_customer()
    claims = AccessClaims(
        audience=Audience.CUSTOMER, account_id=customer.id, session_id=login.session_id, version=1
    )
    issue = house.credentials.access_tokens.issue

    for forged in (
        replace(claims, account_id=other.id),
        replace(claims, session_id=an_id()),
        replace(claims, version=2),
    ):
        with pytest.raises(InvalidTokenError):
            await house.authenticate(issue(forged, at=house.clock()))

    good = await house.authenticate(issue(claims, at=house.clock()))
    assert good.customer == customer


@pytest.mark.parametrize("token", ["", ".", "x.y", "0" * 32, "0" * 32 + ".x", "é" * 32 + ".x"])
async def test_given_no_token_of_ours_when_refreshed_then_it_is_refused(token: str) -> None:
    house = await a_customer_house()

    with pytest.raises(InvalidTokenError):
        await refresh(house, token)


def test_given_a_password_when_the_account_is_kept_then_only_its_hash_is() -> None:
    assert PASSWORD not in repr(a_customer_with_password())
