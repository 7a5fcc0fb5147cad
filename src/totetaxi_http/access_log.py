"""One line and one measurement a request, by route template: a path may hold what is personal."""

from time import perf_counter

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from totetaxi_http.metrics import RequestMetrics

_UNMATCHED = "unmatched"
_QUIET = ("/health", "/metrics")
_LOG = structlog.get_logger(__name__)


class AccessLog:
    """Counts, times and logs every answer; probes are logged at debug level."""

    def __init__(self, app: ASGIApp, *, metrics: RequestMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        status = 500  # unless an answer starts

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, send_and_note)
        finally:
            self._record(scope, status=status, seconds=perf_counter() - started)

    def _record(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = scope.get("path_template") or _UNMATCHED
        method = str(scope.get("method", ""))
        self._metrics.observe(method=method, route=route, status=status, seconds=seconds)
        log = _LOG.debug if route.startswith(_QUIET) else _LOG.info
        log(
            "request",
            method=method,
            route=route,
            status=status,
            duration_ms=round(seconds * 1_000, 2),
        )
