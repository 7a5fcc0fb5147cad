"""Health in three addresses: the whole report, is the process alive, may it get traffic."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import ClassVar, Literal

import attrs
from litestar import Router, get
from litestar.datastructures import CacheControlHeader
from litestar.openapi.datastructures import ResponseSpec

from totetaxi_http.wire.response import WireResponse

HEALTHY = "healthy"
_NO_STORE = CacheControlHeader(no_store=True)


@attrs.frozen(kw_only=True)
class HealthReport:
    """How the parts are; `healthy` or `configured` or `mocked` is well, anything else is not.

    `ready` tells whether requests can be answered now, which does not need the worker.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "status": "healthy",
        "timestamp": "2026-11-25T15:02:00Z",
        "services": {
            "database": "healthy",
            "cache": "healthy",
            "worker": "healthy",
            "scheduler": "healthy",
            "stripe": "configured",
            "onfleet": "mocked",
        },
        "heartbeats": {"worker": "2026-11-25T15:01:55Z", "scheduler": "2026-11-25T15:01:40Z"},
        "ready": True,
    }

    status: Literal["healthy", "degraded", "unhealthy"]
    timestamp: datetime
    services: Mapping[str, str]
    heartbeats: Mapping[str, datetime | None] = attrs.field(factory=dict)
    """When the worker and the scheduler last showed life."""
    ready: bool


@attrs.frozen(kw_only=True)
class Liveness:
    """The process answers."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"status": "alive"}

    status: Literal["alive"] = "alive"


@attrs.frozen(kw_only=True)
class Readiness:
    """Whether requests can be answered now."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"status": "ready"}

    status: Literal["ready", "not_ready"]


ReadHealth = Callable[[], Awaitable[HealthReport]]


def health_router(read: ReadHealth) -> Router:
    """Return the handlers below /health, which ask `read` for the report each time."""

    @get("/", responses={503: ResponseSpec(HealthReport, description="Not healthy")})
    async def health() -> WireResponse[HealthReport]:
        """Report on every part; 503 unless all are well."""
        report = await read()
        return WireResponse(report, status_code=200 if report.status == HEALTHY else 503)

    @get("/live", sync_to_thread=False)
    def live() -> Liveness:
        """Answer, if the process can."""
        return Liveness()

    @get("/ready", responses={503: ResponseSpec(Readiness, description="Not ready")})
    async def ready() -> WireResponse[Readiness]:
        """Say whether requests can be answered now; 503 if not."""
        report = await read()
        if report.ready:
            return WireResponse(Readiness(status="ready"), status_code=200)
        return WireResponse(Readiness(status="not_ready"), status_code=503)

    return Router(
        path="/health",
        route_handlers=[health, live, ready],
        tags=["health"],
        opt={"rate_limit": None},
        cache_control=_NO_STORE,
    )
