"""What a trace has of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.http.echo import client_of, echo_app
from totetaxi_adapters.spans import Span, SpanKind


@dataclass
class Written:
    """One span, as it was told."""

    name: str
    kind: SpanKind
    parent: str | None
    notes: dict[str, str | float | bool] = field(default_factory=dict)

    def rename(self, name: str) -> None:
        self.name = name

    def note(self, **attributes: str | float | bool) -> None:
        self.notes |= attributes


@dataclass
class Recorder:
    spans: list[Written] = field(default_factory=list)

    @contextmanager
    def span(self, name: str, *, kind: SpanKind, parent: str | None = None) -> Iterator[Span]:
        self.spans.append(Written(name, kind, parent))
        yield self.spans[-1]

    def close(self) -> None:
        """Keep all of it."""


async def test_given_requests_when_traced_then_each_is_a_span_by_route_within_its_callers() -> None:
    recorder = Recorder()

    async with client_of(echo_app(spans=recorder)) as client:
        await client.get("/refuse/ada@example.com", headers={"traceparent": "00-ab-cd-01"})
        await client.get("/nowhere")
        await client.get("/health/live")
        await client.get("/metrics")

    assert recorder.spans == [
        Written("GET /refuse/{name}", "server", "00-ab-cd-01", {"status": 500}),
        Written("GET unmatched", "server", None, {"status": 404}),
    ]
