import asyncio
from typing import Any, cast

import pytest
from litestar.types import Message, Receive, Scope, Send

from totetaxi_http.cut_off import CutOffRequests

SCOPE = cast("Scope", {"type": "http", "path": "/api/public/services"})


async def receive() -> Any:  # noqa: ANN401  nobody calls it
    raise AssertionError


async def cut_off(*, has_begun: bool) -> list[Message]:
    """Return what was sent by a request that is cancelled while it waits."""
    sent: list[Message] = []
    waiting = asyncio.Event()

    async def send(message: Message) -> None:
        sent.append(message)

    async def wait(_scope: Scope, _receive: Receive, send: Send) -> None:
        if has_begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        waiting.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(CutOffRequests(wait)(SCOPE, receive, send))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return sent


async def test_given_a_request_at_hand_when_the_server_ends_it_then_the_caller_may_come_again() -> (
    None
):
    start, body = await cut_off(has_begun=False)

    assert start["type"] == "http.response.start"
    assert start["status"] == 503
    assert (b"retry-after", b"5") in start["headers"]
    assert body["type"] == "http.response.body"
    assert b'"error_type":"shutting_down"' in body["body"]


async def test_given_an_answer_that_has_begun_when_the_server_ends_it_then_nothing_is_added() -> (
    None
):
    sent = await cut_off(has_begun=True)

    assert [message["type"] for message in sent] == ["http.response.start"]
