"""Paths that no database could be asked about are no paths of ours."""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from totetaxi_http.problem import problem
from totetaxi_http.problem_response import send_problem


class CleanPaths:
    """Answers 404 to a path with a null byte: PostgreSQL refuses such text with an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or "\x00" not in scope["path"]:
            await self._app(scope, receive, send)
            return
        await send_problem(
            send,
            problem(
                "not_found",
                status=404,
                detail="Nothing matches the given URI.",
                instance=scope["path"].replace("\x00", "%00"),
            ),
        )
