"""A new password, by mail or by the old one: every login before it is over."""

from datetime import timedelta

import pytest

from tests.core.customers.customer_house import (
    BETTER,
    EMAIL,
    WRONG,
    CustomerHouse,
    a_customer_house,
)
from tests.core.staff.staffing import PASSWORD
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.customers.account_token import AccountTokenError
from totetaxi_core.customers.change_password import change_password
from totetaxi_core.customers.log_in_customer import CustomerLogin, refresh_customer
from totetaxi_core.customers.reset_password import confirm_password_reset
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.refusal import InvalidInputError


async def confirm(house: CustomerHouse, token: str, new_password: str = BETTER) -> None:
    await confirm_password_reset(token, new_password, house.ports, house.terms, house.credentials)


async def change(
    house: CustomerHouse, login: CustomerLogin, *, current: str = PASSWORD, new: str = BETTER
) -> None:
    await change_password(
        await house.authenticate(login.access_token),
        current_password=current,
        new_password=new,
        ports=house.ports,
        credentials=house.credentials,
    )


async def assert_dead(house: CustomerHouse, login: CustomerLogin) -> None:
    with pytest.raises(InvalidTokenError):
        await house.authenticate(login.access_token)
    with pytest.raises(InvalidTokenError):
        await refresh_customer(login.refresh_token, house.ports, house.credentials)


async def test_given_a_mailed_link_when_used_then_the_new_password_alone_is_good() -> None:
    house = await a_customer_house()
    await house.take_in()
    login = await house.log_in_customer()
    await house.ask_for_reset(EMAIL.upper())

    await confirm(house, await house.mailed_token(MessageKind.PASSWORD_RESET))

    await assert_dead(house, login)
    assert not await house.lets_in(PASSWORD)
    assert await house.lets_in(BETTER)
    kinds = {mail.kind: mail.text for mail in await house.mails()}
    assert kinds.keys() == {MessageKind.PASSWORD_RESET, MessageKind.PASSWORD_CHANGED}
    assert BETTER not in kinds[MessageKind.PASSWORD_CHANGED]


async def test_given_a_used_link_when_used_again_then_it_is_refused() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    token = await house.mailed_token(MessageKind.PASSWORD_RESET)
    await confirm(house, token)

    with pytest.raises(AccountTokenError):
        await confirm(house, token, "Third-horse-3")

    assert await house.lets_in(BETTER)


async def test_given_an_hour_gone_when_the_link_is_used_then_it_has_lapsed() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    token = await house.mailed_token(MessageKind.PASSWORD_RESET)
    house.clock.advance(timedelta(hours=1))

    with pytest.raises(AccountTokenError):
        await confirm(house, token)

    assert await house.lets_in(PASSWORD)


async def test_given_a_stranger_s_password_when_reset_by_mail_then_they_are_out() -> None:
    house = await a_customer_house()
    await house.register(password="Attack-me-1")
    await house.verify(await house.mailed_token(MessageKind.VERIFY_EMAIL))
    strangers = await house.log_in_customer(password="Attack-me-1")
    await house.ask_for_reset()

    await confirm(house, await house.mailed_token(MessageKind.PASSWORD_RESET))

    await assert_dead(house, strangers)
    assert not await house.lets_in("Attack-me-1")
    assert await house.lets_in(BETTER)


async def test_given_two_links_when_one_is_used_then_the_other_is_dead_too() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    first = await house.mailed_token(MessageKind.PASSWORD_RESET)
    house.clock.advance(timedelta(minutes=1))
    await house.ask_for_reset()
    await confirm(house, await house.mailed_token(MessageKind.PASSWORD_RESET))

    with pytest.raises(AccountTokenError):
        await confirm(house, first, "Third-horse-3")

    assert await house.lets_in(BETTER)


async def test_given_a_password_changed_since_when_an_older_link_is_used_then_it_is_dead() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    token = await house.mailed_token(MessageKind.PASSWORD_RESET)
    await change(house, await house.log_in_customer())

    with pytest.raises(AccountTokenError):
        await confirm(house, token, "Third-horse-3")

    assert await house.lets_in(BETTER)


async def test_given_a_token_to_verify_when_used_to_reset_then_it_is_refused() -> None:
    house = await a_customer_house()
    await house.register()
    token = await house.mailed_token(MessageKind.VERIFY_EMAIL)
    work = house.hasher.work

    with pytest.raises(AccountTokenError):
        await confirm(house, token)

    assert house.hasher.work == work


async def test_given_any_address_when_a_reset_is_asked_for_then_the_work_is_one_hash() -> None:
    house = await a_customer_house()
    await house.take_in()
    work = []

    for email in (EMAIL, "nobody@example.com"):
        before = house.hasher.work
        await house.ask_for_reset(email)
        work.append(house.hasher.work - before)
    before = house.hasher.work
    await confirm(house, await house.mailed_token(MessageKind.PASSWORD_RESET))

    assert [*work, house.hasher.work - before] == [1, 1, 1]
    assert await house.mails("nobody@example.com") == []


async def test_given_resets_that_lapsed_when_another_is_asked_for_then_they_go() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    house.clock.advance(timedelta(hours=1, seconds=1))

    await house.ask_for_reset()

    assert len(house.database.password_resets.rows) == 1


async def test_given_the_old_password_when_changed_then_every_login_ends() -> None:
    house = await a_customer_house()
    await house.take_in()
    one, other = await house.log_in_customer(), await house.log_in_customer()

    await change(house, one)

    await assert_dead(house, one)
    await assert_dead(house, other)
    assert await house.lets_in(BETTER)
    assert [mail.kind for mail in await house.mails()] == [MessageKind.PASSWORD_CHANGED]


@pytest.mark.parametrize(
    ("current", "new", "faults"),
    [
        (WRONG, BETTER, [("current_password", "wrong_password")]),
        (PASSWORD, "short1A", [("new_password", "too_short")]),
    ],
)
async def test_given_a_wrong_or_an_easy_password_when_changed_then_nothing_is(
    current: str, new: str, faults: list[tuple[str, str]]
) -> None:
    house = await a_customer_house()
    customer = await house.take_in()
    login = await house.log_in_customer()

    with pytest.raises(InvalidInputError) as refused:
        await change(house, login, current=current, new=new)

    assert [(fault.field, fault.code) for fault in refused.value.faults] == faults
    assert house.customer(customer) == customer
    assert await house.mails() == []


async def test_given_an_easy_password_when_reset_then_the_link_stays_good() -> None:
    house = await a_customer_house()
    await house.take_in()
    await house.ask_for_reset()
    token = await house.mailed_token(MessageKind.PASSWORD_RESET)

    with pytest.raises(InvalidInputError) as refused:
        await confirm(house, token, "easy")

    assert {fault.field for fault in refused.value.faults} == {"new_password"}
    await confirm(house, token)
    assert await house.lets_in(BETTER)
