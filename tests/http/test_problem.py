"""Every error is a problem document with our members, whatever raised it."""

import json
from collections.abc import AsyncIterator
from io import StringIO

import attrs
import pytest

from tests.http.echo import PriceChangedError, client_of, echo_app
from totetaxi_adapters.logging import configure_logging
from totetaxi_core.refusal import DomainError
from totetaxi_http.problem import Problem
from totetaxi_http.refusal_status import STATUS_BY_CODE

MEMBERS = {field.name for field in attrs.fields(Problem)}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/schema/nowhere", 404, "not_found"),
        ("GET", "/things/7", 404, "not_found"),
        ("GET", "/refuse/%00", 404, "not_found"),
        ("DELETE", "/echo", 405, "method_not_allowed"),
        ("GET", "/refuse/taken", 409, "slot_unavailable"),
        ("GET", "/refuse/gone", 404, "booking_not_found"),
        ("GET", "/refuse/login", 401, "unauthorized"),
        ("GET", "/refuse/down", 503, "payment_unavailable"),
        ("GET", "/refuse/discount", 400, "discount_unavailable"),
        ("GET", "/refuse/lost", 409, "discount_unavailable"),
        ("GET", "/refuse/rules", 400, "invalid"),
        ("GET", "/refuse/unlisted", 500, "internal_error"),
        ("GET", "/refuse/bug", 500, "internal_error"),
    ],
)
async def test_given_an_error_when_answered_then_it_is_a_whole_problem(
    method: str, path: str, status: int, code: str
) -> None:
    async with client_of(echo_app()) as client:
        answer = await client.request(method, path)

    said = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert set(said) == MEMBERS
    assert (answer.status_code, said["status"], said["error_type"]) == (status, status, code)
    assert said["error"] is True
    assert said["message"] == said["detail"]
    assert said["request_id"] == answer.headers["x-request-id"]


async def test_given_a_wrong_method_when_refused_then_the_right_ones_are_told() -> None:
    path = "/echo"

    async with client_of(echo_app()) as client:
        answer = await client.delete(path)

    assert set(answer.headers["allow"].split(", ")) == {"POST", "OPTIONS"}


async def test_given_a_refusal_with_a_field_when_answered_then_details_name_it() -> None:
    path = "/refuse/taken"

    async with client_of(echo_app()) as client:
        said = (await client.get(path)).json()

    assert said["details"] == [
        {"field": "pickup_time", "code": "slot_unavailable", "message": "No crew is free then."}
    ]
    assert said["instance"] == path


async def test_given_a_provider_down_when_answered_then_it_says_when_to_return() -> None:
    async with client_of(echo_app()) as client:
        down = await client.get("/refuse/down")
        login = await client.get("/refuse/login")

    assert down.headers["retry-after"] == "7"
    assert login.headers["www-authenticate"] == "Bearer"


async def test_given_facts_of_a_code_when_refused_then_the_problem_carries_them() -> None:
    def new_quote(error: DomainError) -> dict[str, object]:
        assert isinstance(error, PriceChangedError)
        return {"quote": {"total_price_cents": error.total_cents}}

    async with client_of(echo_app(problem_facts={"price_changed": new_quote})) as client:
        said = (await client.get("/refuse/price")).json()

    assert said["quote"] == {"total_price_cents": 123}


async def test_given_a_bug_when_answered_then_nothing_leaks_and_the_log_tells_all() -> None:
    lines = StringIO()
    configure_logging(level="INFO", stream=lines)

    async with client_of(echo_app()) as client:
        answer = await client.get("/refuse/bug", headers={"x-request-id": "bug-1"})

    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    failed = next(line for line in logged if line["event"] == "request_failed")
    assert "KeyError" not in answer.text
    assert "KeyError" in failed["exception"]
    assert failed["request_id"] == "bug-1"


async def test_given_a_code_without_status_when_refused_then_the_log_is_loud() -> None:
    lines = StringIO()
    configure_logging(level="INFO", stream=lines)

    async with client_of(echo_app()) as client:
        answer = await client.get("/refuse/unlisted")

    assert answer.status_code == 500
    assert '"code":"never_listed","event":"refusal_without_status"' in lines.getvalue()


@pytest.mark.parametrize("streamed", [True, False])
async def test_given_a_body_over_the_limit_when_sent_then_it_is_413(streamed: bool) -> None:  # noqa: FBT001
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * 50_000

    headers = {"content-type": "application/json"}
    content = pieces() if streamed else b" " * 300_000

    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", content=content, headers=headers)

    assert (answer.status_code, answer.json()["error_type"]) == (413, "body_too_large")


def test_given_the_status_table_when_read_then_every_status_is_an_error() -> None:
    statuses = set(STATUS_BY_CODE.values())

    outside = {status for status in statuses if not 400 <= status < 600}

    assert outside == set()
