"""Real HTTP servers on loopback, and a webhook that records what it is sent."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

DEADLINE_S = 20.0


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals to pytest."""
        yield


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:  # noqa: ANN401  any ASGI application
    """Serve the application on a free port of this event loop; yield its address."""
    config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="auto")
    server = _Server(config)
    # TCP by name: asyncio turns Nagle's delay off only then.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve([listener]))
        try:
            async with asyncio.timeout(DEADLINE_S):
                while not server.started and not running.done():  # noqa: ASYNC110  uvicorn has no event
                    await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


class RecordingWebhook:
    """Keeps every delivery; answers the statuses of `answers` first, then 200."""

    def __init__(self, *answers: int) -> None:
        self.deliveries: list[tuple[bytes, str]] = []
        self.handshake_type = b"text/plain; charset=utf-8"
        self._answers = list(answers)
        self._arrived = asyncio.Condition()

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            message = await receive()
            assert message["type"] == "http.request"
            body, more = body + message["body"], message["more_body"]
        if scope["method"] == "GET":
            await self._shake_hands(scope, send)
            return
        headers = dict(scope["headers"])
        signature = (headers.get(b"stripe-signature") or headers[b"x-onfleet-signature"]).decode()
        status = self._answers.pop(0) if self._answers else 200
        await send(
            {"type": "http.response.start", "status": status, "headers": [], "trailers": False}
        )
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        async with self._arrived:
            self.deliveries.append((body, signature))
            self._arrived.notify_all()

    async def _shake_hands(self, scope: HTTPScope, send: ASGISendCallable) -> None:
        """Repeat `check`, as Onfleet wants it."""
        check = dict(parse_qsl(scope["query_string"]))[b"check"]
        headers = [(b"content-type", self.handshake_type)]
        await send(
            {"type": "http.response.start", "status": 200, "headers": headers, "trailers": False}
        )
        await send({"type": "http.response.body", "body": check, "more_body": False})

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.deliveries]

    @property
    def kinds(self) -> list[str]:
        return [event.get("type") or event["triggerName"] for event in self.events]

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S), self._arrived:
            await self._arrived.wait_for(condition)
