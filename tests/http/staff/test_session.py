"""Logging in over HTTP, and everything that must not get in."""

import asyncio
from collections import Counter
from dataclasses import replace

import jwt
import pytest

from tests.core.staff.staffing import PASSWORD
from tests.http.service import handlers
from tests.http.staff.conftest import Desk
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_core.staff.manage_staff import disable_staff
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.role import Role
from totetaxi_http.staff.guard import staff_only

WRONG = "Wrong-horse-1"


async def test_given_the_right_password_when_logged_in_then_profile_and_permissions_are_told(
    desk: Desk,
) -> None:
    answer = await desk.log_in("ROOT")

    told = answer.json()
    profile = await desk.http.get(
        "/api/staff/profile/", headers={"Authorization": f"bearer {told['access_token']}"}
    )
    assert answer.status_code == 200
    assert told["staff_profile"]["username"] == "root"
    assert set(told["staff_profile"]["permissions"]) == set(Permission)
    assert profile.json() == told["staff_profile"]
    assert "password" not in answer.text
    assert await desk.acts() == [("system", "staff_created", False), ("root", "login", False)]


async def test_given_known_and_unknown_names_when_tried_then_the_answers_are_the_same(
    desk: Desk,
) -> None:
    answers = {
        name: [await desk.log_in(name, WRONG) for _ in range(6)] for name in ("root", "nobody-here")
    }

    told = {
        name: [
            answer.json() | {"request_id": None, "detail": "", "message": ""} for answer in tries
        ]
        for name, tries in answers.items()
    }
    waits = [int(tries[5].headers["Retry-After"]) for tries in answers.values()]
    assert [answer.status_code for answer in answers["root"]] == [401] * 5 + [429]
    assert told["root"] == told["nobody-here"]
    assert answers["root"][0].json()["message"] == answers["nobody-here"][0].json()["message"]
    assert all(1_790 < wait <= 1_800 for wait in waits)
    assert WRONG not in answers["root"][0].text


async def test_given_many_wrong_passwords_at_once_when_the_right_one_comes_then_it_is_locked(
    desk: Desk,
) -> None:
    tries = await asyncio.gather(*(desk.log_in("root", WRONG) for _ in range(12)))

    right = await desk.log_in("root")

    assert Counter(answer.status_code for answer in tries) == {401: 5, 429: 7}
    assert (right.status_code, right.json()["error_type"]) == (429, "account_locked")
    assert 1_700 < int(right.headers["Retry-After"]) <= 1_800


async def test_given_a_disabled_account_when_logged_in_then_it_is_a_403_and_its_token_a_401(
    desk: Desk,
) -> None:
    await desk.hire("maria", Role.FINANCE)
    headers = await desk.headers("maria")
    await disable_staff("maria", desk.wiring.ports, by=desk.root)

    login = await desk.log_in("maria")
    profile = await desk.http.get("/api/staff/profile", headers=headers)

    assert (login.status_code, login.json()["error_type"]) == (403, "account_disabled")
    assert (profile.status_code, profile.json()["error_type"]) == (401, "invalid_token")


async def test_given_a_refresh_token_when_used_twice_then_the_whole_session_ends(
    desk: Desk,
) -> None:
    first = (await desk.log_in("root")).json()
    body = {"refresh_token": first["refresh_token"]}

    second = await desk.http.post("/api/staff/token/refresh/", json=body)
    reused = await desk.http.post("/api/staff/token/refresh/", json=body)
    headers = {"Authorization": f"Bearer {second.json()['access_token']}"}
    profile = await desk.http.get("/api/staff/profile", headers=headers)

    assert second.status_code == 200
    assert (reused.status_code, reused.json()["error_type"]) == (401, "invalid_token")
    assert profile.status_code == 401
    assert (await desk.acts())[-1] == ("root", "token_reused", True)


async def test_given_logged_out_when_the_tokens_are_used_then_they_are_dead(desk: Desk) -> None:
    login = (await desk.log_in("root")).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}

    out = await desk.http.post("/api/staff/logout", headers=headers)
    again = await desk.http.post("/api/staff/logout", headers=headers)
    refresh = await desk.http.post(
        "/api/staff/token/refresh", json={"refresh_token": login["refresh_token"]}
    )

    assert [out.status_code, again.status_code, refresh.status_code] == [200, 401, 401]


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic cm9vdDpyb290", "Bearer x.y.z", "Bearer " + "a" * 6_000],
)
async def test_given_no_token_of_ours_when_asked_then_it_is_a_401(desk: Desk, header: str) -> None:
    answer = await desk.http.get("/api/staff/profile", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_given_an_unsigned_or_a_customers_token_when_asked_then_it_is_refused(
    desk: Desk,
) -> None:
    token = (await desk.log_in("root")).json()["access_token"]
    payload = jwt.decode(token, options={"verify_signature": False})
    customer = AccessClaims(
        audience=Audience.CUSTOMER,
        account_id=desk.root.id,
        session_id=desk.root.id,
        version=1,
    )
    tokens = [
        jwt.encode(payload, "", algorithm="none"),
        jwt.encode(payload, "another key of thirty-two characters", algorithm="HS256"),
        desk.wiring.credentials.access_tokens.issue(
            replace(customer, audience=Audience.STAFF), at=desk.wiring.ports.clock()
        ),
        desk.wiring.credentials.access_tokens.issue(customer, at=desk.wiring.ports.clock()),
    ]

    answers = [
        await desk.http.get("/api/staff/profile", headers={"Authorization": f"Bearer {each}"})
        for each in tokens
    ]

    told = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
    assert told == [(401, "invalid_token")] * 3 + [(403, "wrong_audience")]


async def test_given_a_login_when_recorded_then_it_says_from_where(desk: Desk) -> None:
    body = {"username": "root", "password": PASSWORD}

    await desk.http.post("/api/staff/login", json=body, headers={"User-Agent": "till/1"})

    async with desk.wiring.ports.unit_of_work() as uow:
        [act] = [one.act for one in await uow.staff_acts.chained(after=1, limit=9)]
    assert (act.channel, act.ip_address, act.user_agent) == ("http", "203.0.113.9", "till/1")


def test_given_the_handlers_of_staff_when_registered_then_each_says_what_it_needs() -> None:
    staff = [one for one in handlers() if staff_only in one.resolve_guards()]

    assert staff
    assert all("permission" in one.opt for one in staff)
    assert all(one.security for one in staff)


async def test_given_nobody_when_methods_are_asked_for_then_they_are_told(desk: Desk) -> None:
    answer = await desk.http.options("/api/staff/profile")

    assert answer.status_code == 204
    assert set(answer.headers["allow"].split(", ")) == {"GET", "OPTIONS"}
