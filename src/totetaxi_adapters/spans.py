"""Traces, as the rest of the code sees them: spans, which nobody keeps unless told where to."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

from totetaxi_core.refusal import DomainError

SpanKind = Literal["server", "client", "consumer"]


class Span(Protocol):
    """One piece of work, from its begin to its end."""

    def rename(self, name: str) -> None: ...

    def note(self, **attributes: str | float | bool) -> None:
        """Add what is known of it; nothing personal."""
        ...


class Spans(Protocol):
    def span(
        self, name: str, *, kind: SpanKind, parent: str | None = None
    ) -> AbstractContextManager[Span]:
        """Span the block; `parent` is the traceparent of whoever asked, if another process did."""
        ...

    def close(self) -> None:
        """Let what is kept go its way; nothing is spanned after."""
        ...


class TracingMissingError(DomainError):
    """OTEL_EXPORTER_OTLP_ENDPOINT is set, and nothing is installed to talk to it."""

    code = "tracing_missing"

    def __init__(self) -> None:
        super().__init__(
            "OTEL_EXPORTER_OTLP_ENDPOINT needs OpenTelemetry: pip install 'totetaxi[tracing]'"
        )


class _NoSpan:
    def rename(self, name: str) -> None:
        del name

    def note(self, **attributes: str | float | bool) -> None:
        del attributes


class NoSpans:
    """Where no trace is kept."""

    @contextmanager
    def span(self, name: str, *, kind: SpanKind, parent: str | None = None) -> Iterator[Span]:
        del name, kind, parent
        yield _NO_SPAN

    def close(self) -> None:
        """Have nothing to send."""


_NO_SPAN = _NoSpan()
