"""What a process counts and times as it works."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from totetaxi_adapters.metrics.request_meter import RequestMeter

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
OK: Final = "ok"
disable_created_metrics()  # type: ignore[no-untyped-call]  # when each series began: nobody asks, and there are as many as series


class Outcome:
    """How something ended: whoever does it says so before its end, or it is a crash."""

    def __init__(self) -> None:
        self.value = "crashed"
        self.seconds = 0.0


class Meters:
    """One for each process: `registry` has them all."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = RequestMeter(self.registry)
        self._jobs = Counter(
            "totetaxi_jobs",
            "Jobs done, by task (an effect's kind, or a periodic task) and outcome.",
            ("task", "outcome"),
            registry=self.registry,
        )
        self._job_seconds = Histogram(
            "totetaxi_job_duration_seconds",
            "Time that jobs took, in seconds.",
            ("task",),
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._calls = Counter(
            "totetaxi_provider_calls",
            "Calls to providers, by outcome: ok, or the refusal's code.",
            ("provider", "operation", "outcome"),
            registry=self.registry,
        )
        self._call_seconds = Histogram(
            "totetaxi_provider_call_duration_seconds",
            "Time that providers took to answer, waiting for a turn included, in seconds.",
            ("provider", "operation"),
            buckets=BUCKETS_S,
            registry=self.registry,
        )

    @contextmanager
    def job(self, task: str) -> Iterator[Outcome]:
        """Count and time a job; its outcome is what the block sets."""
        with _counted(self._jobs, self._job_seconds, task) as outcome:
            yield outcome

    @contextmanager
    def call(self, provider: str, operation: str) -> Iterator[Outcome]:
        """Count and time a call; its outcome is what the block sets."""
        with _counted(self._calls, self._call_seconds, provider, operation) as outcome:
            yield outcome


@contextmanager
def _counted(counter: Counter, times: Histogram, *labels: str) -> Iterator[Outcome]:
    outcome, started = Outcome(), perf_counter()
    try:
        yield outcome
    finally:
        outcome.seconds = perf_counter() - started
        counter.labels(*labels, outcome.value).inc()
        times.labels(*labels).observe(outcome.seconds)
