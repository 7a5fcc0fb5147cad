"""Traces sent to an OpenTelemetry collector, over HTTP. Imported only where one is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span as OtelSpan
from opentelemetry.trace import SpanKind as OtelKind
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from totetaxi_adapters.origin import TRACEPARENT, traceparent
from totetaxi_adapters.spans import Span, SpanKind

KINDS: Final[dict[SpanKind, OtelKind]] = {
    "server": OtelKind.SERVER,
    "client": OtelKind.CLIENT,
    "consumer": OtelKind.CONSUMER,
}
LAST_SEND_S: Final = 2.0
TRACES_PATH: Final = "/v1/traces"
_PROPAGATOR = TraceContextTextMapPropagator()


class _SentSpan:
    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, **attributes: str | float | bool) -> None:
        for name, value in attributes.items():
            self._span.set_attribute(f"totetaxi.{name}", value)


class OtelSpans:
    """Sends spans in batches, from a thread of its own; a collector that is away costs nothing.

    The usual variables count too: OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER,
    OTEL_EXPORTER_OTLP_HEADERS and the rest of OpenTelemetry's.
    """

    def __init__(self, endpoint: str) -> None:
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._exporter = _Exporter(endpoint=f"{endpoint}{TRACES_PATH}")
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("totetaxi")

    @contextmanager
    def span(self, name: str, *, kind: SpanKind, parent: str | None = None) -> Iterator[Span]:
        context = _PROPAGATOR.extract({TRACEPARENT: parent}) if parent else None
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=KINDS[kind],
            # What an exception says may be personal: it is told by its type alone.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            carrier: dict[str, str] = {}
            _PROPAGATOR.inject(carrier)
            before = traceparent.set(carrier.get(TRACEPARENT))
            trace_id = format(span.get_span_context().trace_id, "032x")
            tokens = structlog.contextvars.bind_contextvars(trace_id=trace_id)
            try:
                yield _SentSpan(span)
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise
            finally:
                structlog.contextvars.reset_contextvars(**tokens)
                traceparent.reset(before)

    def close(self) -> None:
        """Send what is left, for two seconds at most."""
        # The SDK would try a collector that is away for half a minute, and wait for a silent one.
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(LAST_SEND_S)
        if sending.is_alive():
            self._exporter.shutdown()


class _Exporter(OTLPSpanExporter):
    """May be told twice that it is over."""

    _is_over = False

    def shutdown(self) -> None:
        if not self._is_over:
            self._is_over = True
            super().shutdown()  # type: ignore[no-untyped-call]


def _resource() -> Resource:
    """Return who we are: what the environment says, else `totetaxi`."""
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return resource.merge(Resource({SERVICE_NAME: "totetaxi"}))
    return resource
