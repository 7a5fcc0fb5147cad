"""Traces, as a collector gets them."""

import asyncio
import socket
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.adapters.sandbox.serving import serving
from totetaxi_adapters.origin import current_origin
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.spans import NoSpans, TracingMissingError
from totetaxi_adapters.tracing import LAST_SEND_S, OtelSpans
from totetaxi_adapters.wiring import spans_of


@dataclass
class Collector:
    """Keeps what it is sent."""

    spans: dict[str, Span] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.paths.add(scope["path"])
        self._keep(ExportTraceServiceRequest.FromString(body))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def _keep(self, request: ExportTraceServiceRequest) -> None:
        for sent in request.resource_spans:
            names = {one.key: one.value.string_value for one in sent.resource.attributes}
            self.services.add(names["service.name"])
            for scope in sent.scope_spans:
                self.spans |= {span.name: span for span in scope.spans}


async def test_given_work_in_two_processes_when_traced_then_it_is_one_trace() -> None:
    collector = Collector()
    async with serving(collector) as url:
        api, worker = OtelSpans(url), OtelSpans(url)
        with api.span("request", kind="server") as request:
            request.rename("POST /booking")
            request.note(status=201)
            with api.span("stripe create_intent", kind="client"):
                origin = current_origin() or {}
            names = dict(structlog.contextvars.get_contextvars())
        with worker.span("send_message", kind="consumer", parent=origin["traceparent"]):
            pass
        for spans in (api, worker):
            await asyncio.to_thread(spans.close)

    asked, call, job = (
        collector.spans[name] for name in ("POST /booking", "stripe create_intent", "send_message")
    )
    assert {span.trace_id for span in (asked, call, job)} == {asked.trace_id}
    assert (call.parent_span_id, job.parent_span_id) == (asked.span_id, call.span_id)
    assert names["trace_id"] == asked.trace_id.hex()
    assert [one.key for one in asked.attributes] == ["totetaxi.status"]
    assert (collector.paths, collector.services) == ({"/v1/traces"}, {"totetaxi"})


async def test_given_no_collector_when_traced_then_the_end_waits_for_nothing_long() -> None:
    spans = OtelSpans("http://127.0.0.1:1")
    with spans.span("request", kind="server"):
        pass

    async with asyncio.timeout(120):
        await asyncio.to_thread(spans.close)

    assert current_origin() is None


async def test_given_a_silent_collector_when_traced_then_the_end_waits_for_two_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        spans = OtelSpans(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with spans.span("request", kind="server"):
            pass
        started_at_s = time.monotonic()

        await asyncio.to_thread(spans.close)

        took_s = time.monotonic() - started_at_s
    assert took_s < LAST_SEND_S + 5  # the SDK alone waits for 10 s


async def test_given_work_that_breaks_when_traced_then_what_it_says_of_people_stays_here() -> None:
    collector = Collector()
    async with serving(collector) as url:
        spans = OtelSpans(url)
        with pytest.raises(ValueError, match="ada"), spans.span("request", kind="server"):
            raise ValueError("ada@example.com exists")
        await asyncio.to_thread(spans.close)

    sent = collector.spans["request"]
    assert (sent.status.code, sent.status.message) == (Status.STATUS_CODE_ERROR, "ValueError")
    assert "ada" not in str(sent)


async def test_given_a_collector_in_the_settings_when_wired_then_spans_go_there() -> None:
    named = settings_from({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1/"})

    spans = spans_of(named)

    assert isinstance(spans, OtelSpans)
    assert isinstance(spans_of(settings_from({})), NoSpans)
    await asyncio.to_thread(spans.close)


def test_given_a_collector_and_no_opentelemetry_when_wired_then_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "totetaxi_adapters.tracing", None)
    named = settings_from({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})

    with pytest.raises(TracingMissingError, match=r"pip install 'totetaxi\[tracing\]'"):
        spans_of(named)
