"""Problems sent from outside the router, where there is no handler to raise them in."""

import attrs
from litestar.types import Send

from totetaxi_http.problem import MEDIA_TYPE, Problem
from totetaxi_http.wire.converter import json_bytes


async def send_problem(send: Send, problem: Problem) -> None:
    """Send `problem` as the whole answer."""
    body = json_bytes(attrs.asdict(problem))
    await send(
        {
            "type": "http.response.start",
            "status": problem.status,
            "headers": [
                (b"content-type", MEDIA_TYPE.encode()),
                (b"content-length", str(len(body)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
