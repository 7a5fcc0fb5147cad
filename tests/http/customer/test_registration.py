"""Getting an account over HTTP: one answer for every address."""

from typing import Any

import httpx
import pytest

from tests.core.customers.customer_house import EMAIL
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.conftest import LoggedIn, Service
from tests.http.echo import MemorySharedLimiter, client_of, healthy
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.settings import settings_from
from totetaxi_core.notifications.message import MessageKind
from totetaxi_http.app import create_app
from totetaxi_http.health import HealthReport
from totetaxi_http.service import service_handlers


def a_body(email: str = EMAIL, **changes: object) -> dict[str, object]:
    return {
        "email": email,
        "password": PASSWORD,
        "password_confirm": PASSWORD,
        "first_name": "Ada",
        "last_name": "Customer",
        "phone": "(212) 555-0123",
        **changes,
    }


async def post(http: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
    return await http.post(f"/api/customer/{path}", json=body)


async def test_given_any_address_when_registered_then_answer_and_work_are_the_same(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, service: Service
) -> None:
    answers, work = [], []

    for email in (customer_a.customer.email, "new@example.com", "new@example.com"):
        before = service.house.hasher.work
        answers.append(await post(stranger, "register/", a_body(email)))
        work.append(service.house.hasher.work - before)

    assert {(answer.status_code, answer.text) for answer in answers} == {
        (201, answers[0].text),
    }
    assert answers[0].json().keys() == {"message"}
    assert work == [1, 1, 1]


async def test_given_a_registration_when_verified_then_the_account_is_as_it_said(
    stranger: httpx.AsyncClient, service: Service
) -> None:
    await post(stranger, "register", a_body())
    token = await service.house.mailed_token(MessageKind.VERIFY_EMAIL)

    answers = [await post(stranger, "verify-email/", {"token": token}) for _ in range(2)]

    login = await post(stranger, "login", {"email": EMAIL, "password": PASSWORD})
    assert answers[0].status_code == 200
    assert (answers[1].status_code, answers[1].json()["error_type"]) == (
        400,
        "invalid_account_token",
    )
    assert [one["field"] for one in answers[1].json()["details"]] == ["token"]
    assert token not in answers[1].text
    assert login.json()["user_profile"]["phone"] == "+12125550123"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"email": "a@mailinator.com"}, {"email": "disposable_email"}),
        ({"password_confirm": "Other-horse-1"}, {"password_confirm": "not_the_same"}),
        (
            {"password": "x", "password_confirm": "x"},
            {"password": "too_short no_digit no_upper_case"},
        ),
        (
            {"email": "a@tempmail.com", "password": "x1X", "phone": "5", "surprise": 1},
            {
                "email": "disposable_email",
                "password": "too_short",
                "password_confirm": "not_the_same",
                "phone": "not_a_phone_number",
                "surprise": "unknown_field",
            },
        ),
        (
            {"first_name": " ", "last_name": "x" * 101},
            {"first_name": "blank", "last_name": "too_long"},
        ),
        ({"email": "nobody"}, {"email": "not_an_email"}),
    ],
)
async def test_given_bad_fields_when_registered_then_every_one_is_named(
    stranger: httpx.AsyncClient, service: Service, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = await post(stranger, "register", a_body(**changes))

    told: dict[str, str] = {}
    for fault in answer.json()["details"]:
        told[fault["field"]] = f"{told.get(fault['field'], '')} {fault['code']}".strip()
    assert answer.status_code == 400
    assert told == faults
    assert service.house.owed_messages() == []
    assert PASSWORD not in answer.text


async def test_given_any_address_when_mail_is_asked_for_again_then_answer_and_work_are_the_same(
    customer_a: LoggedIn, stranger: httpx.AsyncClient, service: Service
) -> None:
    await service.house.register(email="waits@example.com")
    texts, work = set(), []

    for email in (customer_a.customer.email, "waits@example.com", "nobody@example.com"):
        for path in ("resend-verification", "password/reset"):
            before = service.house.hasher.work
            answer = await post(stranger, path, {"email": email})
            texts.add((answer.status_code, answer.text))
            work.append(service.house.hasher.work - before)

    assert len(texts) == 1
    assert work == [1] * 6
    kinds = [mail.kind for mail in await service.house.mails("waits@example.com")]
    assert kinds == [MessageKind.VERIFY_EMAIL]


async def test_given_the_limits_when_called_then_address_and_e_mail_are_counted_across_processes(
    service: Service,
) -> None:
    async def health() -> HealthReport:
        return healthy()

    house, shared = service.house, MemorySharedLimiter()
    app = create_app(
        settings_from({}),
        handlers=service_handlers(),
        health=health,
        shared_limiter=shared,
        state={
            "ports": house.ports,
            "current_terms": CurrentTerms(house.ports, house.terms),
            "credentials": house.credentials,
        },
    )

    async with client_of(app) as http:
        await post(http, "register", a_body())
        await post(http, "resend-verification", {"email": EMAIL.upper()})
        await post(http, "password/reset", {"email": EMAIL})
        refused = await post(http, "register", a_body(EMAIL.lower()))

    assert shared.hits == [
        "register:address:203.0.113.9",
        "register:account:customer:ada.customer@example.com",
        "register:address:203.0.113.9",
        "register:account:customer:ada.customer@example.com",
        "reset:address:203.0.113.9",
        "reset:account:customer:ada.customer@example.com",
        "register:address:203.0.113.9",
    ]
    assert (refused.status_code, refused.json()["error_type"]) == (429, "rate_limited")
