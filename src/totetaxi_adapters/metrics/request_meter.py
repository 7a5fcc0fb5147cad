"""Counts and latencies of requests by method, route template and status."""

from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class RequestMeter:
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
            buckets=BUCKETS_S,
            registry=registry,
        )
        # labels() takes a lock and formats every time; routes and statuses are few.
        self._count_for = lru_cache(maxsize=2_048)(self._total.labels)
        self._time_for = lru_cache(maxsize=1_024)(self._seconds.labels)

    def observe(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Record one answer."""
        known = method if method in METHODS else "other"
        self._count_for(known, route, status).inc()
        self._time_for(known, route).observe(seconds)
