"""Every operation of staff, for everybody: who gets in is what the one table says."""

import re

import httpx

from tests.http.service import handlers
from tests.http.staff.conftest import Desk
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import disable_staff
from totetaxi_core.staff.permission import Permission, may
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_account import StaffAccount

UNKNOWN = "00000000-0000-4000-8000-000000000000"
GUARDED = [
    (method, re.sub(r"{[^}]+}", UNKNOWN, path), handler.opt["permission"])
    for handler in handlers()
    if handler.resolve_guards()
    for method in sorted(handler.http_methods)
    for path in sorted(handler.paths)
]


async def call(desk: Desk, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    body: dict[str, object] | None = {} if method == "POST" else None
    return await desk.http.request(method, f"/api/staff{path}", json=body, headers=headers)


async def test_given_every_operation_when_called_by_everyone_then_the_table_decides(
    desk: Desk,
) -> None:
    people: list[StaffAccount] = [desk.root]
    people += [await desk.hire(f"in.{role}", role) for role in Role if role is not Role.ADMIN]
    people += [await desk.hire(f"has.{flag}"[:50], Role.LOGISTICS, flag) for flag in Flag]

    outcomes: dict[tuple[str, str], bool] = {}
    expected: dict[tuple[str, str], bool] = {}
    for account in people:
        for method, path, needed in sorted(GUARDED, key=lambda one: one[1] == "/logout"):
            headers = await desk.headers(account.username)
            answer = await call(desk, method, path, headers)
            assert answer.status_code in (200, 201, 400, 403, 404), answer.text
            outcomes[account.username, f"{method} {path}"] = answer.status_code != 403
            expected[account.username, f"{method} {path}"] = needed is None or may(account, needed)

    assert outcomes == expected
    assert len(GUARDED) >= 6
    assert {needed for _, _, needed in GUARDED} <= {None, *Permission}


async def test_given_every_operation_when_called_by_outsiders_then_none_gets_in(
    desk: Desk,
) -> None:
    await desk.hire("maria", Role.ADMIN)
    disabled = await desk.headers("maria")
    await disable_staff("maria", desk.wiring.ports, by=desk.root)
    claims = AccessClaims(
        audience=Audience.CUSTOMER, account_id=desk.root.id, session_id=desk.root.id, version=1
    )
    token = desk.wiring.credentials.access_tokens.issue(claims, at=desk.wiring.ports.clock())

    told = {
        name: {
            (answer.status_code, answer.json()["error_type"])
            for method, path, _ in GUARDED
            for answer in [await call(desk, method, path, headers)]
        }
        for name, headers in {
            "nobody": {},
            "disabled": disabled,
            "a customer": {"Authorization": f"Bearer {token}"},
        }.items()
    }

    assert told == {
        "nobody": {(401, "invalid_token")},
        "disabled": {(401, "invalid_token")},
        "a customer": {(403, "wrong_audience")},
    }
