"""What surrounds every answer: ids, headers, hosts, origins, HEAD, access log."""

import json
from io import StringIO
from typing import cast
from uuid import UUID

import pytest
from litestar import get
from litestar.params import FromPath
from litestar.types import HTTPRequestEvent, HTTPScope, Message, Receive

from tests.http.echo import client_of, echo_app
from totetaxi_adapters.logging import configure_logging

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 40,
    "ALLOWED_HOSTS": "api.totetaxi.com",
    "PUBLIC_BASE_URL": "https://api.totetaxi.com",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "ONFLEET_API_KEY": "x",
    "ONFLEET_WEBHOOK_SECRET": "aa",
}


@pytest.mark.parametrize("path", ["/moments", "/nowhere", "/refuse/bug", "/health/live"])
async def test_given_a_sane_request_id_when_answered_then_it_comes_back(path: str) -> None:
    headers = {"x-request-id": "abc.DEF-1_2"}

    async with client_of(echo_app()) as client:
        answer = await client.get(path, headers=headers)

    assert answer.headers.get_list("x-request-id") == ["abc.DEF-1_2"]


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "é"])
async def test_given_an_odd_request_id_when_answered_then_ours_replaces_it(given: str) -> None:
    headers = [(b"x-request-id", given.encode())]

    async with client_of(echo_app()) as client:
        answer = await client.get("/moments", headers=headers)

    made = answer.headers["x-request-id"]
    assert len(made) == 32
    assert set(made) <= set("0123456789abcdef")


@pytest.mark.parametrize("path", ["/moments", "/nowhere", "/refuse/bug"])
async def test_given_an_address_with_a_token_when_answered_then_it_is_neither_kept_nor_told_on(
    path: str,
) -> None:
    async with client_of(echo_app()) as client:
        answer = await client.get(f"{path}?manage_token=secret")

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("header", ["Authorization", "X-Manage-Token"])
async def test_given_a_login_or_manage_token_when_answered_then_nobody_keeps_it(
    header: str,
) -> None:
    async with client_of(echo_app()) as client:
        own = await client.get("/moments", headers={header: "secret"})
        public = await client.get("/moments")

    assert own.headers["cache-control"] == "no-store"
    assert "cache-control" not in public.headers


@pytest.mark.parametrize("path", ["/moments", "/nowhere", "/refuse/bug"])
async def test_given_any_answer_when_sent_then_it_has_the_security_headers(path: str) -> None:
    async with client_of(echo_app()) as client:
        answer = await client.get(path)

    told = answer.headers

    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert told["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "default-src 'self'" in told["content-security-policy"]
    assert "strict-transport-security" not in told


async def test_given_production_when_answered_then_browsers_are_held_to_https() -> None:
    app = echo_app(PRODUCTION)

    async with client_of(app) as client:
        answer = await client.get("/moments", headers={"host": "api.totetaxi.com"})

    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("api.totetaxi.com", 200),
        ("API.totetaxi.com:8000", 200),
        ("localhost:8000", 400),
        ("127.0.0.1", 400),
        ("evil.example", 400),
        ("", 400),
    ],
)
async def test_given_production_when_called_by_host_then_only_ours_is_served(
    host: str, status: int
) -> None:
    app = echo_app(PRODUCTION)

    async with client_of(app) as client:
        answer = await client.get("/moments", headers={"host": host})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("api.totetaxi.com", "127.0.0.1:8000", 200),
        ("api.totetaxi.com", "[::1]:8000", 200),
        ("api.totetaxi.com", "evil.example", 400),
        ("*", "evil.example", 200),
    ],
)
async def test_given_development_when_called_by_host_then_loopback_is_served_too(
    allowed: str, host: str, status: int
) -> None:
    app = echo_app({"ALLOWED_HOSTS": allowed})

    async with client_of(app) as client:
        answer = await client.get("/moments", headers={"host": host})

    assert answer.status_code == status


async def test_given_a_probe_by_address_when_asked_then_the_host_does_not_matter() -> None:
    app = echo_app(PRODUCTION)

    async with client_of(app) as client:
        answer = await client.get("/health/live", headers={"host": "10.0.0.7"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/moments", "/nowhere"])
async def test_given_a_listed_origin_when_answered_then_its_browser_may_read(path: str) -> None:
    async with client_of(echo_app()) as client:
        known = await client.get(path, headers={"origin": "http://localhost:3000"})
        other = await client.get(path, headers={"origin": "http://evil.example"})

    assert known.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert known.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in other.headers


async def test_given_a_preflight_when_asked_then_our_headers_are_allowed() -> None:
    headers = {
        "origin": "http://localhost:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": "Idempotency-Key, X-Manage-Token",
    }

    async with client_of(echo_app()) as client:
        answer = await client.options("/echo", headers=headers)

    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "idempotency-key" in answer.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("path", ["/moments", "/health/", "/health/live/"])
async def test_given_a_path_with_get_when_asked_by_head_then_headers_come_alone(path: str) -> None:
    async with client_of(echo_app()) as client:
        got = await client.get(path)
        head = await client.head(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


async def test_given_head_when_the_server_sends_all_it_gets_then_no_body_comes() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> HTTPRequestEvent:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "HEAD",
        "path": "/moments",
        "headers": [(b"host", b"localhost")],
        "query_string": b"",
        "client": ("203.0.113.9", 1),
    }

    await echo_app()(cast("HTTPScope", scope), cast("Receive", receive), send)

    assert [message.get("body", b"") for message in sent] == [b"", b""]
    assert (scope["method"], scope["path_template"]) == ("HEAD", "/moments")


async def test_given_requests_when_logged_then_a_line_has_route_and_id_and_no_path() -> None:
    lines = StringIO()
    configure_logging(level="INFO", stream=lines)

    async with client_of(echo_app()) as client:
        await client.get("/refuse/ada@example.com", headers={"x-request-id": "r1"})
        await client.get("/health/live")

    requests = [
        line
        for line in map(json.loads, lines.getvalue().splitlines())
        if line["event"] == "request"
    ]
    assert len(requests) == 1
    told = requests[0]
    assert (told["method"], told["route"], told["status"]) == ("GET", "/refuse/{name}", 500)
    assert told["request_id"] == "r1"
    assert "ada@example.com" not in lines.getvalue()


async def test_given_a_booking_in_the_path_when_logged_then_the_line_names_it() -> None:
    booking_id, lines = UUID(int=7), StringIO()

    @get("/bookings/{booking_id:uuid}")
    async def show(booking_id: FromPath[UUID]) -> dict[str, UUID]:
        return {"id": booking_id}

    app = echo_app()
    app.register(show)
    configure_logging(level="INFO", stream=lines)

    async with client_of(app) as client:
        await client.get(f"/bookings/{booking_id}")
        await client.get("/bookings/another")

    named = [json.loads(line).get("booking_id") for line in lines.getvalue().splitlines()]
    assert named == [str(booking_id), None]
