"""Requests that the end of this process cuts off."""

import asyncio
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from totetaxi_http.problem import Problem, problem
from totetaxi_http.problem_response import send_problem


class CutOffRequests:
    """Answers 503 to a request that is cancelled: the server gave it all the time there was.

    What it had stored stands; the same request again goes on from there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except asyncio.CancelledError:
            if not has_begun:
                await send_problem(send, _shutting_down(scope["path"]))
            raise


def _shutting_down(path: str) -> Problem:
    return problem(
        "shutting_down",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        detail="This process ends before it could answer. Please send the request again.",
        instance=path,
    )
