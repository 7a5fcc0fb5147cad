"""What Prometheus reads at /metrics."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import lru_cache

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from totetaxi_core.notifications.message import MessageState
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.reconciliation.drift import DriftKind

BeforeScrape = Callable[[], Awaitable[None]]

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Litestar adds the charset.
_MEDIA_TYPE = CONTENT_TYPE_LATEST.partition("; charset")[0]
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class RequestMetrics:
    """Counts and latencies of requests by method, route template and status."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._total = Counter(
            "http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to answer, in seconds.",
            ("method", "route"),
            buckets=_BUCKETS_S,
            registry=registry,
        )
        # labels() takes a lock and formats every time; routes and statuses are few.
        self._count_for = lru_cache(maxsize=2_048)(self._total.labels)
        self._time_for = lru_cache(maxsize=1_024)(self._seconds.labels)

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Record one answer."""
        known = method if method in _METHODS else "other"
        self._count_for(known, route, status).inc()
        self._time_for(known, route).observe(seconds)


class OwedMetrics:
    """What is owed and not done, by state, and how long the oldest has been due."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._effects = Gauge(
            "totetaxi_owed_effects", "Effects owed and not done.", ("state",), registry=registry
        )
        self._overdue_s = Gauge(
            "totetaxi_owed_effects_overdue_seconds",
            "How long the oldest due effect has waited, in seconds.",
            registry=registry,
        )

    def observe(self, backlog: Backlog, *, now: datetime) -> None:
        """Show the backlog as it is at an aware instant."""
        for state, number in backlog.counts.items():
            self._effects.labels(state).set(number)
        since = backlog.due_since
        self._overdue_s.set(max(0.0, (now - since).total_seconds()) if since else 0.0)


class DriftMetrics:
    """The drifts that the latest periodic look left to a person, by kind."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._open = Gauge(
            "totetaxi_open_drifts",
            "Differences from Stripe's records that wait for a person.",
            ("kind",),
            registry=registry,
        )

    def observe(self, counts: Mapping[DriftKind, int]) -> None:
        """Show how many there are now; every kind is shown, at 0 where there is none."""
        for kind in DriftKind:
            self._open.labels(kind).set(counts.get(kind, 0))


class MessageMetrics:
    """The messages that somebody watches, by state: on their way, refused, or perhaps lost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._unfinished = Gauge(
            "totetaxi_messages",
            "Messages on their way, refused, or of unknown outcome.",
            ("state",),
            registry=registry,
        )

    def observe(self, counts: Mapping[MessageState, int]) -> None:
        """Show how many there are now of each state that is counted."""
        for state, number in counts.items():
            self._unfinished.labels(state).set(number)


def metrics_handler(
    registry: CollectorRegistry, *, before_scrape: BeforeScrape
) -> HTTPRouteHandler:
    """Return the handler of GET /metrics, which awaits `before_scrape` first."""

    @get("/metrics", include_in_schema=False, opt={"rate_limit": None})
    async def metrics() -> Response[bytes]:
        await before_scrape()
        return Response(generate_latest(registry), media_type=_MEDIA_TYPE)

    return metrics
