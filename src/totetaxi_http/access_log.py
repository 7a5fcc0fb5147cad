"""One line and one measurement a request, by route template: a path may hold what is personal."""

from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any
from uuid import UUID

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from totetaxi_adapters.metrics.request_meter import RequestMeter
from totetaxi_adapters.origin import BOOKING_ID
from totetaxi_adapters.spans import NoSpans, Span, Spans

_UNMATCHED = "unmatched"
_QUIET = ("/health", "/metrics")
_TRACEPARENT = b"traceparent"
_UNTRACED = NoSpans()
_LOG = structlog.get_logger(__name__)


class AccessLog:
    """Counts, times and logs every answer; probes are logged at debug level."""

    def __init__(self, app: ASGIApp, *, meter: RequestMeter, spans: Spans) -> None:
        self._app = app
        self._meter, self._spans = meter, spans

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
        with self._span(scope) as span:
            try:
                await self._app(scope, receive, send_and_note)
            finally:
                self._record(scope, status=status, seconds=perf_counter() - started)
                span.rename(f"{scope['method']} {scope.get('path_template') or _UNMATCHED}")
                span.note(status=status)

    def _span(self, scope: Scope) -> AbstractContextManager[Span]:
        """Span the request, within the caller's trace if it told of one."""
        if scope["path"].startswith(_QUIET):
            return _UNTRACED.span("probe", kind="server")
        given = next((value for name, value in scope["headers"] if name == _TRACEPARENT), b"")
        return self._spans.span("request", kind="server", parent=given.decode("latin-1") or None)

    def _record(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = scope.get("path_template") or _UNMATCHED
        method = str(scope.get("method", ""))
        self._meter.observe(method=method, route=route, status=status, seconds=seconds)
        log = _LOG.debug if route.startswith(_QUIET) else _LOG.info
        log(
            "request",
            method=method,
            route=route,
            status=status,
            duration_ms=round(seconds * 1_000, 2),
            **_booking_asked_for(scope),
        )


def _booking_asked_for(scope: Scope) -> dict[str, str]:
    """Return the booking that the path names: one that is only read is not named otherwise."""
    params: Any = scope.get("path_params")  # not there unless a route was found
    booking_id = params.get(BOOKING_ID) if params else None
    return {BOOKING_ID: str(booking_id)} if isinstance(booking_id, UUID) else {}
