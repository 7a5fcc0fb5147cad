"""A new password over HTTP, by mail or by the old one."""

import httpx
import pytest

from tests.core.customers.customer_house import BETTER, WRONG
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_core.notifications.message import MessageKind


async def post(http: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
    return await http.post(f"/api/customer/{path}", json=body)


async def statuses_of_logins(http: httpx.AsyncClient, email: str) -> list[int]:
    """Return how logging in with the old and with the new password is answered."""
    bodies = [{"email": email, "password": each} for each in (PASSWORD, BETTER)]
    return [(await post(http, "login", body)).status_code for body in bodies]


async def test_given_the_mail_s_token_when_confirmed_then_the_password_is_new_and_logins_are_over(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, service: Service
) -> None:
    email = customer_a.customer.email
    await post(stranger, "password/reset/", {"email": email.upper()})
    token = await service.house.mailed_token(MessageKind.PASSWORD_RESET, email)
    body = {"token": token, "new_password": BETTER}

    answers = [await post(stranger, "password/reset/confirm/", body) for _ in range(2)]

    out = await post(customer_a.http, "logout", {})
    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json()["error_type"] == "invalid_account_token"
    assert out.status_code == 401
    assert await statuses_of_logins(stranger, email) == [401, 200]


@pytest.mark.parametrize("token", ["x", "x.y", "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTg"])
async def test_given_no_token_of_ours_when_used_then_it_is_refused_without_any_work(
    stranger: httpx.AsyncClient, service: Service, token: str
) -> None:
    answers = [
        await post(stranger, "password/reset/confirm", {"token": token, "new_password": BETTER}),
        await post(stranger, "verify-email", {"token": token}),
    ]

    told = [(answer.status_code, answer.json()["error_type"]) for answer in answers]
    assert told == [(400, "invalid_account_token")] * 2
    assert service.house.hasher.work == 1  # root's own, when it was hired


async def test_given_the_old_password_when_changed_then_this_login_is_over_too(
    customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    body = {"current_password": PASSWORD, "new_password": BETTER}

    changed = await post(customer_a.http, "password/change/", body)

    again = await post(customer_a.http, "password/change/", body)
    assert (changed.status_code, again.status_code) == (200, 401)
    assert await statuses_of_logins(stranger, customer_a.customer.email) == [401, 200]


@pytest.mark.parametrize(
    ("current", "new", "fault"),
    [
        (WRONG, BETTER, ("current_password", "wrong_password")),
        (PASSWORD, "no-digit-Here", ("new_password", "no_digit")),
    ],
)
async def test_given_a_wrong_or_an_easy_password_when_changed_then_it_is_a_400_and_nothing_ends(
    customer_a: LoggedIn, current: str, new: str, fault: tuple[str, str]
) -> None:
    body = {"current_password": current, "new_password": new}

    answer = await post(customer_a.http, "password/change", body)

    [told] = answer.json()["details"]
    assert (answer.status_code, (told["field"], told["code"])) == (400, fault)
    assert current not in answer.text
    assert (await post(customer_a.http, "logout", {})).status_code == 200


async def test_given_bad_fields_when_sent_then_the_rules_are_told_with_them(
    customer_a: LoggedIn, stranger: httpx.AsyncClient
) -> None:
    answers = [
        await post(customer_a.http, "password/change", {"new_password": "x1X"}),
        await post(stranger, "password/reset/confirm", {"new_password": "x1X"}),
    ]

    told = [{(one["field"], one["code"]) for one in answer.json()["details"]} for answer in answers]
    assert told == [
        {("current_password", "missing"), ("new_password", "too_short")},
        {("token", "missing"), ("new_password", "too_short")},
    ]
