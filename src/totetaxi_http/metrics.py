"""What Prometheus reads at /metrics, where the service itself shows it."""

from collections.abc import Awaitable, Callable

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST

ReadMetrics = Callable[[], Awaitable[bytes]]

# Litestar adds the charset.
_MEDIA_TYPE = CONTENT_TYPE_LATEST.partition("; charset")[0]


def metrics_handler(read: ReadMetrics) -> HTTPRouteHandler:
    """Return the handler of GET /metrics."""

    @get("/metrics", include_in_schema=False, opt={"rate_limit": None})
    async def metrics() -> Response[bytes]:
        return Response(await read(), media_type=_MEDIA_TYPE)

    return metrics
