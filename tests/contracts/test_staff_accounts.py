import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, an_id
from tests.contracts.conftest import UowFactory
from tests.core.staff.staffing import a_staff_account
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_core.accounts.session import Session
from totetaxi_core.page import Place
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import (
    StaffAccount,
    StaffNotFoundError,
    UsernameTakenError,
)

DAY = timedelta(days=1)


async def store(uow_factory: UowFactory, *accounts: StaffAccount) -> None:
    async with uow_factory() as uow:
        for account in accounts:
            await uow.staff_accounts.add(account)
        await uow.commit()


def a_session(account: StaffAccount, *, audience: Audience = Audience.STAFF) -> Session:
    claims = AccessClaims(audience=audience, account_id=account.id, session_id=an_id(), version=1)
    session, _ = Session.begin(claims, at=NOW)
    return session


async def test_given_stored_accounts_when_read_then_they_are_equal(
    uow_factory: UowFactory,
) -> None:
    plain = a_staff_account(username="zoe")
    full = a_staff_account(
        username="Anna",
        role=Role.ADMIN,
        flags=frozenset(Flag),
        is_active=False,
        token_version=7,
    )
    await store(uow_factory, plain, full)

    async with uow_factory() as uow:
        assert await uow.staff_accounts.all() == (full, plain)
        assert await uow.staff_accounts.get(plain.id, lock=True) == plain
        assert await uow.staff_accounts.find("ANNA") == full
        assert await uow.staff_accounts.find("nobody") is None
        with pytest.raises(StaffNotFoundError):
            await uow.staff_accounts.get(an_id())


async def test_given_a_letter_that_only_looks_alike_when_looked_up_then_nobody_is_found(
    uow_factory: UowFactory,
) -> None:
    await store(uow_factory, a_staff_account(username="mika"))

    async with uow_factory() as uow:
        found = [await uow.staff_accounts.find(name) for name in ("m\u0130ka", "m\u0131ka")]

    assert found == [None, None]


async def test_given_an_account_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    account, other = a_staff_account(), a_staff_account(username="lou")
    await store(uow_factory, account, other)
    changed = replace(account, role=Role.FINANCE, flags=frozenset({Flag.CAN_MANAGE_STAFF}))

    async with uow_factory() as uow:
        await uow.staff_accounts.save(changed)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.staff_accounts.all() == (other, changed)


async def test_given_a_username_when_taken_in_another_case_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    await store(uow_factory, a_staff_account(username="maria"))

    with pytest.raises(UsernameTakenError):
        await store(uow_factory, a_staff_account(username="MARIA"))


async def test_given_two_who_ask_whether_anybody_is_there_when_locked_then_one_waits(
    uow_factory: UowFactory,
) -> None:
    async def found(username: str) -> bool:
        async with uow_factory() as uow:
            was_there = await uow.staff_accounts.has_any(lock=True)
            if not was_there:
                await uow.staff_accounts.add(a_staff_account(username=username))
                await uow.commit()
        return was_there

    answers = await asyncio.gather(*(found(f"first{n}") for n in range(4)))

    assert sorted(answers) == [False, True, True, True]


async def test_given_sessions_when_stored_saved_and_forgotten_then_the_live_ones_stay(
    uow_factory: UowFactory,
) -> None:
    account, other = a_staff_account(), a_staff_account(username="lou")
    old, live, others = a_session(account), a_session(account), a_session(other)
    ended, _ = live.end(at=NOW + DAY).rotate(at=NOW + 2 * DAY)

    async with uow_factory() as uow:
        for session in (old, live, others):
            await uow.sessions.add(session)
        await uow.sessions.save(ended)
        await uow.sessions.forget_expired(account.id, at=old.expires_at)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.sessions.find(old.id) is None
        assert await uow.sessions.find(live.id, lock=True) == ended
        assert await uow.sessions.find(others.id) == others


async def test_given_accounts_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    made = [
        a_staff_account(username=f"maria{n}", created_at=NOW + timedelta(minutes=n // 2))
        for n in range(5)
    ]
    newest_first = tuple(sorted(made, key=Place.of, reverse=True))
    await store(uow_factory, *made)

    async with uow_factory() as uow:
        first = await uow.staff_accounts.page(limit=2)
        rest = await uow.staff_accounts.page(before=Place.of(newest_first[1]), limit=9)
        back = await uow.staff_accounts.page(after=Place.of(newest_first[4]), limit=2)

    assert first + rest == newest_first
    assert back == newest_first[2:4]
