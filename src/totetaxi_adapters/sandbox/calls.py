"""Calls of a provider's API, read and answered below HTTP frameworks: an answer can be dropped."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import attrs
from litestar.types import HTTPScope, Receive, Send

from totetaxi_adapters.sandbox.faults import Action, FaultRule

MAX_BODY_BYTES = 1_000_000


@attrs.frozen(kw_only=True)
class Call:
    """One HTTP request; `body` holds a byte in each character."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    request_id: str


@attrs.frozen(kw_only=True)
class Reply:
    """What goes back; no body is no body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def read_call(scope: HTTPScope, receive: Receive, *, prefix: str, request_id: str) -> Call:
    """Read the request to an API mounted at `prefix`, which the scope's path lacks."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Call(
        method=scope["method"],
        path=prefix + scope["path"].rstrip("/"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=await _read_body(receive),
        request_id=request_id,
    )


async def answer_with_faults(
    send: Send, fault: FaultRule | None, answer: Callable[[], Awaitable[Reply]]
) -> None:
    """Act and answer, late or not at all where the rule says so."""
    action = fault.action if fault else None
    if fault and action is Action.DELAY:
        await asyncio.sleep(fault.delay_s)
    if action is Action.DROP_BEFORE_ACTING:
        await _drop(send)
        return
    reply = await answer()
    if fault and action is Action.DELAY_AFTER_ACTING:
        await asyncio.sleep(fault.delay_s)
    if action is Action.DROP_AFTER_ACTING:
        await _drop(send)
        return
    await send_reply(send, reply)


async def send_reply(send: Send, reply: Reply) -> None:
    headers = {**reply.headers, "content-length": str(len(reply.body))}
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


async def _read_body(receive: Receive) -> str:
    body = b""
    more = True
    while more and len(body) <= MAX_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"") if message["type"] == "http.request" else b""
        more = message["type"] == "http.request" and message.get("more_body", False)
    return body.decode("latin-1")


async def _drop(send: Send) -> None:
    """Promise a body and end without it: the server then cuts the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
