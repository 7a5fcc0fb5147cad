"""Problems sent from outside the router, where there is no handler to raise them in."""

from http import HTTPStatus

import attrs
from litestar.types import Send

from totetaxi_http.problem import MEDIA_TYPE, RETRY_AFTER_S, Problem
from totetaxi_http.wire.converter import json_bytes


async def send_problem(send: Send, problem: Problem) -> None:
    """Send `problem` as the whole answer."""
    body = json_bytes(attrs.asdict(problem))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER_S).encode()))
    await send(
        {
            "type": "http.response.start",
            "status": problem.status,
            "headers": headers,
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
