"""The sandbox as a process of its own, with the calls it answered at `/counts`.

They are counted by provider, and by method and kind of thing, such as `GET payment_intents`.
"""

import json
import sys
from collections import Counter
from typing import Any
from unittest.mock import patch

from litestar.types import ASGIApp, Receive, Send

from totetaxi_adapters.sandbox import __main__ as program
from totetaxi_adapters.sandbox.app import create_sandbox_app

COUNTS = "/counts"
PROVIDERS = {"stripe": "/sandbox/stripe/v1/", "onfleet": "/sandbox/onfleet/api/v2/"}


class Counted:
    """Answers as the app does, and counts what is a call of a provider's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._calls: dict[str, Counter[str]] = {name: Counter() for name in PROVIDERS}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:  # noqa: ANN401  a TypedDict of two kinds
        path = scope.get("path", "")  # the lifespan has none
        if path == COUNTS:
            await self._tell(send)
            return
        for name, start in PROVIDERS.items():
            if path.startswith(start):
                kind = path.removeprefix(start).partition("/")[0]
                self._calls[name][f"{scope['method']} {kind}"] += 1
        await self._app(scope, receive, send)

    async def _tell(self, send: Any) -> None:  # noqa: ANN401  ASGI's own type
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(self._calls).encode()})


def main() -> None:
    """Take the sandbox's own options."""

    def create(*given: Any, **named: Any) -> Counted:  # noqa: ANN401  whatever it takes
        return Counted(create_sandbox_app(*given, **named))

    with patch.object(program, create_sandbox_app.__name__, create):
        program.main(sys.argv[1:])


if __name__ == "__main__":
    main()
