"""HEAD wherever there is GET, as HTTP asks; Litestar routes GET alone."""

from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send


class HeadRequests:
    """Answers HEAD with what GET would say, less the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy: the server must go on seeing HEAD, else it waits for the announced length.
        asked = cast("HTTPScope", {**scope, "method": "GET"})
        await self._app(asked, receive, send_without_body)
        scope["path_template"] = asked.get("path_template", "")
