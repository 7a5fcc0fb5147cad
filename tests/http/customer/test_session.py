"""A customer's login over HTTP, and everything that must not get in."""

from dataclasses import replace
from datetime import timedelta

import httpx
import jwt
import pytest
from litestar.routes import HTTPRoute

from tests.core.customers.customer_house import WRONG
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.conftest import LoggedIn, Service
from tests.http.service import METHODS, service_app
from totetaxi_core.accounts.access_token import AccessClaims, Audience
from totetaxi_http.customer.guard import customer_only

OPEN = {
    "register",
    "verify-email",
    "resend-verification",
    "login",
    "token/refresh",
    "password/reset",
    "password/reset/confirm",
}


async def log_in(
    http: httpx.AsyncClient, email: str = "ada@example.com", password: str = PASSWORD
) -> httpx.Response:
    return await http.post("/api/customer/login/", json={"email": email, "password": password})


async def call(http: httpx.AsyncClient, token: str) -> tuple[int, str | None]:
    """Show a token where a login is needed; return how it is answered."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = await http.post("/api/customer/logout", headers=headers)
    return answer.status_code, answer.json().get("error_type")


async def test_given_the_right_password_when_logged_in_then_the_profile_is_told(
    customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    answer = await log_in(stranger, "ADA@example.com")

    told = answer.json()
    assert answer.status_code == 200
    assert told.keys() == {"access_token", "refresh_token", "user_profile"}
    assert told["user_profile"] == {
        "id": str(customer_a.customer.id),
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Customer",
        "full_name": "Ada Customer",
        "phone": "+12125550123",
        "total_bookings": 0,
        "total_spent_cents": 0,
        "total_spent_dollars": "0.00",
        "last_booking_at": None,
        "preferred_pickup_time": "mid_morning",
        "email_notifications": True,
        "sms_notifications": False,
        "is_vip": False,
        "created_at": "2026-11-23T15:00:00Z",
        "updated_at": "2026-11-23T15:00:00Z",
    }


async def test_given_known_unknown_and_waiting_addresses_when_wrong_then_answer_and_work_are_one(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, service: Service
) -> None:
    await service.house.register(email="waits@example.com", password=WRONG)
    told, work = [], []

    for email in (customer_a.customer.email, "nobody@example.com", "waits@example.com"):
        before = service.house.hasher.work
        answer = await log_in(stranger, email, WRONG)
        told.append((answer.status_code, answer.json() | {"request_id": None}))
        work.append(service.house.hasher.work - before)

    assert told[0] == told[1] == told[2]
    assert (told[0][0], told[0][1]["error_type"]) == (401, "invalid_credentials")
    assert work == [1, 1, 1]


async def test_given_logged_in_when_logged_out_then_both_tokens_are_dead(
    customer_a: LoggedIn, customer_b: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    told = (await log_in(stranger)).json()

    out = [await call(stranger, told["access_token"]) for _ in range(2)]
    refresh = await stranger.post(
        "/api/customer/token/refresh", json={"refresh_token": told["refresh_token"]}
    )
    others = [await one.http.post("/api/customer/logout") for one in (customer_a, customer_b)]

    assert out == [(200, None), (401, "invalid_token")]
    assert refresh.status_code == 401
    assert [other.status_code for other in others] == [200, 200]


async def test_given_many_logins_when_logged_out_everywhere_then_none_is_left_but_others_s(
    customer_a: LoggedIn, customer_b: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    login = (await log_in(stranger)).json()

    out = await customer_a.http.post("/api/customer/logout", json={"everywhere": True})
    left = await call(stranger, login["access_token"])
    other = await customer_b.http.post("/api/customer/logout", json={"everywhere": False})

    assert (out.status_code, out.json()) == (200, {"message": "You are logged out."})
    assert left == (401, "invalid_token")
    assert other.status_code == 200


@pytest.mark.parametrize("content", [b"[]", b'{"every": true}', b'{"everywhere": 1}', b"{"])
async def test_given_a_bad_body_when_logged_out_then_it_is_refused_and_the_login_stays(
    customer_a: LoggedIn, content: bytes
) -> None:
    bad = await customer_a.http.post(
        "/api/customer/logout", content=content, headers={"Content-Type": "application/json"}
    )
    good = await customer_a.http.post("/api/customer/logout")

    assert (bad.status_code, good.status_code) == (400, 200)


async def test_given_a_refresh_token_when_used_twice_then_the_whole_family_ends(
    customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    first = (await log_in(stranger, customer_a.customer.email)).json()
    body = {"refresh_token": first["refresh_token"]}

    second = await stranger.post("/api/customer/token/refresh/", json=body)
    reused = await stranger.post("/api/customer/token/refresh/", json=body)

    assert second.status_code == 200
    assert (reused.status_code, reused.json()["error_type"]) == (401, "invalid_token")
    assert await call(stranger, second.json()["access_token"]) == (401, "invalid_token")


async def test_given_forged_expired_and_others_tokens_when_shown_then_each_is_refused(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, service: Service
) -> None:
    house, token = service.house, (await log_in(stranger)).json()["access_token"]
    payload = jwt.decode(token, options={"verify_signature": False})
    claims = AccessClaims(
        audience=Audience.CUSTOMER,
        account_id=customer_a.customer.id,
        session_id=customer_a.customer.id,
        version=1,
    )
    issue, now = house.credentials.access_tokens.issue, house.clock()
    bad = [
        jwt.encode(payload, "", algorithm="none"),
        jwt.encode(payload, "another key of thirty-two characters", algorithm="HS256"),
        issue(claims, at=now),
        issue(replace(claims, audience=Audience.STAFF), at=now),
        (await house.log_in("root")).access_token,
    ]

    told = [await call(stranger, each) for each in bad]
    house.clock.advance(timedelta(hours=1))
    expired = await call(stranger, token)

    assert told == [(401, "invalid_token")] * 3 + [(403, "wrong_audience")] * 2
    assert expired == (401, "invalid_token")


async def test_given_a_customer_s_token_when_shown_to_staff_then_it_is_a_403(
    customer_a: LoggedIn,
) -> None:
    answer = await customer_a.http.get("/api/staff/profile")

    assert (answer.status_code, answer.json()["error_type"]) == (403, "wrong_audience")


async def test_given_a_deleted_account_when_its_token_is_shown_then_it_is_a_401(
    customer_a: LoggedIn, service: Service
) -> None:
    await service.house.erase(customer_a.customer)

    answer = await customer_a.http.post("/api/customer/logout")

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YWRh", "Bearer x.y.z"])
async def test_given_no_token_of_ours_when_asked_then_it_is_a_401(
    stranger: httpx.AsyncClient, header: str
) -> None:
    answer = await stranger.post("/api/customer/logout", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_given_the_handlers_of_customers_when_registered_then_all_but_a_few_are_guarded() -> None:
    ours = [
        (route.path.removeprefix("/api/customer/"), handler)
        for route in service_app().routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/customer/")
        for method, (handler, _) in route.route_handler_map.items()
        if method.lower() in METHODS
    ]

    unguarded = {path for path, one in ours if customer_only not in one.resolve_guards()}

    assert unguarded == OPEN
    assert all(one.security for path, one in ours if path not in OPEN)
