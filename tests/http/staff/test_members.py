"""Members of staff over HTTP: made, changed, disabled, and their passwords."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.core.staff.staffing import PASSWORD
from tests.http.staff.conftest import Desk
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.role import Role

NEW = "Battery-staple-2"
NEW_YORK = ZoneInfo("America/New_York")
UNKNOWN = "00000000-0000-4000-8000-000000000000"
MARIA = {
    "username": "maria",
    "password": PASSWORD,
    "email": "maria@totetaxi.com",
    "first_name": "Maria",
    "last_name": "Lopez",
    "role": "finance",
    "hire_date": "2026-01-05",
    "phone": "(212) 736-5000",
    "flags": ["can_approve_refunds"],
}


async def test_given_an_admin_when_a_member_is_created_then_they_can_log_in(desk: Desk) -> None:
    created = await desk.post("members", MARIA, by="root")
    again = await desk.post("members", MARIA | {"username": "MARIA"}, by="root")
    profile = (await desk.get("profile", by="maria")).json()
    shown = (await desk.get(f"members/{created.json()['id']}", by="root")).json()

    assert (created.status_code, created.json()) == (201, profile)
    assert shown == profile
    assert (profile["department"], profile["phone"]) == ("Finance", "+12127365000")
    assert "password" not in created.text
    assert (again.status_code, again.json()["error_type"]) == (409, "username_taken")
    act = await desk.last_act()
    assert (act.action_type, act.is_refused) == ("login", False)


async def test_given_no_day_of_hire_when_a_member_is_created_then_it_is_today(desk: Desk) -> None:
    unsaid = {name: fact for name, fact in MARIA.items() if name != "hire_date"}

    created = await desk.post("members", unsaid, by="root")

    made = created.json()
    assert created.status_code == 201
    assert (
        made["hire_date"]
        == f"{datetime.fromisoformat(made['created_at']).astimezone(NEW_YORK):%Y-%m-%d}"
    )


async def test_given_a_path_of_several_methods_when_its_options_are_asked_then_all_are_told(
    desk: Desk,
) -> None:
    asked = [
        await desk.http.options(f"/api/staff/members{rest}") for rest in ("", f"/{UNKNOWN}", "/")
    ]

    told = [one.headers["allow"] for one in asked]
    assert told == ["GET, OPTIONS, POST", "GET, OPTIONS, PATCH", "GET, OPTIONS, POST"]


async def test_given_members_when_walked_by_their_links_then_the_newest_come_first(
    desk: Desk,
) -> None:
    for name in ("ann", "bob", "cem"):
        await desk.hire(name, Role.LOGISTICS)
    headers = await desk.headers("root")

    first = (await desk.get("members", by="root", page_size=3)).json()
    rest = (await desk.http.get(first["next"], headers=headers)).json()
    back = (await desk.http.get(rest["previous"], headers=headers)).json()

    listed = [one["username"] for one in (*first["results"], *rest["results"])]
    assert listed == ["cem", "bob", "ann", "root"]
    assert (first["previous"], rest["next"]) == (None, None)
    assert back["results"] == first["results"]


async def test_given_a_member_when_changed_then_only_what_was_stated_is_otherwise(
    desk: Desk,
) -> None:
    lou = await desk.hire("lou", Role.OPERATIONS)
    body = {"role": "finance", "flags": ["can_manage_pricing"], "hire_date": "2026-02-01"}

    changed = await desk.patch(f"members/{lou.id}", body, by="root")
    same = await desk.patch(f"members/{lou.id}", body, by="root")
    empty = await desk.patch(f"members/{lou.id}", {}, by="root")

    told = changed.json()
    assert (told["role"], told["flags"], told["hire_date"]) == (
        "finance",
        ["can_manage_pricing"],
        "2026-02-01",
    )
    assert told["email"] == lou.email
    assert [one.status_code for one in (changed, same, empty)] == [200, 400, 400]
    assert same.json()["details"][0]["code"] == "no_change"
    act = await desk.last_act()
    assert (act.action_type, act.before) == (
        "staff_changed",
        {"role": "operations", "flags": "", "hire_date": "2026-01-05"},
    )


async def test_given_a_member_when_disabled_then_every_token_is_dead_at_once_and_stays_so(
    desk: Desk,
) -> None:
    lou = await desk.hire("lou", Role.OPERATIONS)
    login = (await desk.log_in("lou")).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    refresh = {"refresh_token": login["refresh_token"]}

    disabled = await desk.patch(f"members/{lou.id}", {"is_active": False}, by="root")
    profile = await desk.http.get("/api/staff/profile", headers=headers)
    refreshed = await desk.http.post("/api/staff/token/refresh", json=refresh)
    again = await desk.log_in("lou")
    enabled = await desk.patch(f"members/{lou.id}", {"is_active": True}, by="root")
    still = await desk.http.get("/api/staff/profile", headers=headers)

    assert (disabled.json()["is_active"], enabled.json()["is_active"]) == (False, True)
    assert [one.status_code for one in (profile, refreshed, again, still)] == [401, 401, 403, 401]
    assert (await desk.log_in("lou")).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("members/{own}", {"role": "admin"}),
        ("members/{own}", {"flags": ["can_manage_staff", "can_approve_refunds"]}),
        ("members/{own}", {"is_active": False}),
        ("members/{own}/password", {"password": NEW}),
        ("members/{root}", {"is_active": False}),
        ("members/{root}/password", {"password": NEW}),
        ("members", MARIA),
        ("members/{lou}", {"flags": ["can_approve_refunds"]}),
        ("members/{lou}", {"role": "finance"}),
    ],
)
async def test_given_a_manager_of_staff_when_reaching_above_then_it_is_a_403_on_record(
    desk: Desk, path: str, body: dict[str, object]
) -> None:
    own = await desk.hire("max", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_STAFF)
    lou = await desk.hire("lou", Role.CUSTOMER_SERVICE)
    ids = {"own": own.id, "lou": lou.id, "root": desk.root.id}
    posts = path == "members" or path.endswith("password")

    send = desk.post if posts else desk.patch
    answer = await send(path.format(**ids), body, by="max")

    assert (answer.status_code, answer.json()["error_type"]) == (403, "permission_denied")
    assert (await desk.acts())[-1] == ("max", "permission_denied", True)


async def test_given_another_s_password_when_set_then_their_logins_end_and_the_lock_is_off(
    desk: Desk,
) -> None:
    lou = await desk.hire("lou", Role.OPERATIONS)
    headers = await desk.headers("lou")
    for _ in range(5):
        await desk.log_in("lou", "Wrong-horse-1")

    locked = await desk.log_in("lou")
    answer = await desk.post(f"members/{lou.id}/password", {"password": NEW}, by="root")
    easy = await desk.post(f"members/{lou.id}/password", {"password": "easy"}, by="root")
    profile = await desk.http.get("/api/staff/profile", headers=headers)

    assert [one.status_code for one in (locked, answer, easy, profile)] == [429, 200, 400, 401]
    assert (await desk.log_in("lou", NEW)).status_code == 200


async def test_given_one_s_own_password_when_changed_then_the_present_one_is_asked_for(
    desk: Desk,
) -> None:
    await desk.hire("lou", Role.OPERATIONS)
    right = {"current_password": PASSWORD, "new_password": NEW}

    wrong = await desk.post("password/change", right | {"current_password": NEW}, by="lou")
    easy = await desk.post("password/change", right | {"new_password": "easy"}, by="lou")
    changed = await desk.post("password/change", right, by="lou")
    profile = await desk.get("profile", by="lou")

    assert (wrong.status_code, wrong.json()["error_type"]) == (401, "invalid_credentials")
    assert {one["field"] for one in easy.json()["details"]} == {"new_password"}
    assert [one.status_code for one in (changed, profile)] == [200, 401]
    assert (await desk.log_in("lou", NEW)).status_code == 200


async def test_given_nobody_of_this_id_when_asked_for_then_it_is_a_404_on_record(
    desk: Desk,
) -> None:
    answers = [
        await desk.get(f"members/{UNKNOWN}", by="root"),
        await desk.patch(f"members/{UNKNOWN}", {"role": "finance"}, by="root"),
        await desk.post(f"members/{UNKNOWN}/password", {"password": NEW}, by="root"),
    ]

    act = await desk.last_act()
    assert {(one.status_code, one.json()["error_type"]) for one in answers} == {
        (404, "staff_not_found")
    }
    assert (act.action_type, act.subject, act.is_refused) == (
        "manage_staff",
        f"member:{UNKNOWN}",
        True,
    )
