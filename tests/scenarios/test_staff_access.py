"""Logging in as staff, with several services on one database."""

import asyncio
from collections import Counter
from typing import Final

from tests.core.staff.staffing import PASSWORD, new_staff
from tests.scenarios.guest import Guest, Json
from tests.scenarios.house import House
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.staff.manage_staff import create_staff
from totetaxi_core.staff.role import Role

WRONG: Final[Json] = {"username": "root", "password": "Wrong-horse-1"}
RIGHT: Final[Json] = {"username": "root", "password": PASSWORD}


async def _hire(database_url: str) -> None:
    async with wired(settings_from({}), database_url, sandbox_url="http://127.0.0.1:1") as wiring:
        new = new_staff("root", Role.ADMIN)
        await create_staff(new, wiring.ports, wiring.credentials, by=None)


def test_given_two_services_when_passwords_are_tried_at_both_then_five_lock_for_both(
    empty_house: House,
) -> None:
    asyncio.run(_hire(empty_house.database_url))
    guests = [empty_house.start_another() for _ in range(2)]
    login = guests[0].post("staff/login", RIGHT).json()

    tries = [_log_in(guests[number % 2], WRONG) for number in range(8)]
    right = [_log_in(guest, RIGHT) for guest in guests]
    profile = guests[1].http.get(
        "/api/staff/profile", headers={"Authorization": f"Bearer {login['access_token']}"}
    )

    assert Counter(tries) == {"invalid_credentials": 5, "account_locked": 3}
    assert right == ["account_locked"] * 2
    assert profile.json()["username"] == "root"


def test_given_two_services_when_known_and_unknown_names_are_tried_then_both_lock_alike(
    empty_house: House,
) -> None:
    asyncio.run(_hire(empty_house.database_url))
    guests = [empty_house.start_another() for _ in range(2)]

    told = {
        name: [
            _log_in(guests[number % 2], {"username": name, "password": "Wrong-horse-1"})
            for number in range(6)
        ]
        for name in ("root", "nobody")
    }

    assert told["root"] == told["nobody"] == ["invalid_credentials"] * 5 + ["account_locked"]


def test_given_two_services_when_one_name_is_tried_too_often_then_both_refuse_it(
    empty_house: House,
) -> None:
    limits = {"RATELIMIT_ENABLE": "true", "RATELIMIT_LOGIN": "4/minute"}
    guests = [empty_house.start_another(**limits) for _ in range(2)]
    body = {"username": "nobody", "password": "Wrong-horse-1"}

    tries = [_log_in(guests[number % 2], body) for number in range(6)]

    assert tries == ["invalid_credentials"] * 4 + ["rate_limited"] * 2


def _log_in(guest: Guest, body: Json) -> str:
    answer = guest.post("staff/login", body)
    code: str = answer.json()["error_type"]
    return code
