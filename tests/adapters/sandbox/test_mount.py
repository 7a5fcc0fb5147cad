"""The sandbox beside the service is there for callers on this machine alone."""

from typing import Any

import httpx
import pytest
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from totetaxi_adapters.sandbox.mount import SandboxMount


def answering(text: str) -> Any:  # noqa: ANN401  an ASGI application
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await ASGIResponse(body=text.encode())(scope, receive, send)

    return app


async def answered_by(
    *,
    client: str | None = "127.0.0.1",
    host: str = "localhost:8000",
    path: str = "/sandbox/messages",
    headers: dict[str, str] | None = None,
) -> str:
    app: Any = SandboxMount(answering("service"), answering("sandbox"))
    transport = httpx.ASGITransport(app=app, client=(client, 40_000) if client else None)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.get(path, headers={"host": host, **(headers or {})})
    return answer.text


@pytest.mark.parametrize("client", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8000"]
)
async def test_given_a_caller_here_when_the_sandbox_is_asked_for_then_it_answers(
    client: str, host: str
) -> None:
    answer = await answered_by(client=client, host=host)

    assert answer == "sandbox"


@pytest.mark.parametrize("client", ["203.0.113.5", "::ffff:203.0.113.5", "2001:db8::1", "", None])
async def test_given_a_caller_from_elsewhere_when_it_names_loopback_then_the_service_answers(
    client: str | None,
) -> None:
    answer = await answered_by(client=client)

    assert answer == "service"


@pytest.mark.parametrize(
    "host",
    [
        "evil.com",
        "evil.com:8000",
        "localhost.evil.com",
        "127.0.0.1.evil.com:80",
        "evil-localhost",
        "127.0.0.1:",
        "127.0.0.1:80:80",
        "user@localhost",
        "",
    ],
)
async def test_given_a_name_that_was_pointed_here_when_asked_then_the_service_answers(
    host: str,
) -> None:
    answer = await answered_by(host=host)

    assert answer == "service"


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For"])
async def test_given_a_proxy_here_when_it_brings_a_stranger_then_the_service_answers(
    header: str,
) -> None:
    answer = await answered_by(headers={header: "127.0.0.1"})

    assert answer == "service"


async def test_given_another_path_when_asked_from_here_then_the_service_answers() -> None:
    answer = await answered_by(path="/api/public/services")

    assert answer == "service"
