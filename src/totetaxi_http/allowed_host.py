"""Requests for other hosts are refused: their name would end up in links we send."""

from collections.abc import Iterable

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from totetaxi_http.problem import problem
from totetaxi_http.problem_response import send_problem

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Probes come by address, not by name.
_PROBES = "/health"
_LOG = structlog.get_logger(__name__)


class AllowedHosts:
    """Answers 400 unless `Host` is one of `hosts`, `*` is among them, or it is a probe."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], loopback: bool) -> None:
        self._app = app
        named = frozenset(host.lower() for host in hosts)
        self._hosts = named | _LOOPBACK if loopback else named
        self._any = "*" in named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or self._any or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        _LOG.warning("host_refused")
        await send_problem(
            send,
            problem(
                "invalid_host",
                status=400,
                detail="This host is not served here.",
                instance=scope["path"],
            ),
        )

    def _is_allowed(self, scope: Scope) -> bool:
        if scope["path"].startswith(_PROBES):
            return True
        raw = next((value for name, value in scope["headers"] if name == b"host"), b"")
        return _without_port(raw.decode("latin-1").lower()) in self._hosts


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host
