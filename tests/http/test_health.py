"""Health as monitors, containers and balancers ask for it; and the metrics."""

import attrs
import pytest

from tests.http.echo import client_of, echo_app, healthy
from tests.http.test_around import PRODUCTION

SICK = attrs.evolve(healthy(), status="degraded", services={"worker": "no heartbeat"})
DOWN = attrs.evolve(healthy(), status="unhealthy", ready=False)


async def test_given_all_well_when_health_is_asked_then_the_report_is_answered() -> None:
    async with client_of(echo_app()) as client:
        answer = await client.get("/health/")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "healthy",
        "timestamp": "2026-12-01T00:00:00Z",
        "services": {"database": "healthy"},
        "heartbeats": {"worker": "2026-12-01T00:00:00Z"},
        "ready": True,
    }


async def test_given_a_dead_worker_when_asked_then_health_is_503_but_traffic_may_come() -> None:
    async with client_of(echo_app(report=SICK)) as client:
        health = await client.get("/health")
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")

    assert (health.status_code, ready.status_code, live.status_code) == (503, 200, 200)
    assert health.json()["services"] == {"worker": "no heartbeat"}


async def test_given_no_database_when_asked_then_no_traffic_may_come() -> None:
    async with client_of(echo_app(report=DOWN)) as client:
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")

    assert (ready.status_code, ready.json()) == (503, {"status": "not_ready"})
    assert live.json() == {"status": "alive"}


@pytest.mark.parametrize(
    ("method", "path", "line"),
    [
        ("GET", "/moments/", 'method="GET",route="/moments",status="200"'),
        ("GET", "/things/7", 'method="GET",route="unmatched",status="404"'),
        ("GET", "/refuse/taken", 'method="GET",route="/refuse/{name}",status="409"'),
        ("BREW", "/moments", 'method="other",route="unmatched",status="405"'),
        ("HEAD", "/moments", 'method="HEAD",route="/moments",status="200"'),
    ],
)
async def test_given_a_request_when_answered_then_it_is_counted_by_route_template(
    method: str, path: str, line: str
) -> None:
    async with client_of(echo_app()) as client:
        await client.request(method, path)
        metrics = await client.get("/metrics")

    assert metrics.headers["content-type"].startswith("text/plain; version=")
    assert f"http_requests_total{{{line}}} 1.0" in metrics.text
    assert "http_request_duration_seconds_bucket" in metrics.text


async def test_given_production_when_the_world_asks_for_metrics_then_there_are_none() -> None:
    async with client_of(echo_app(PRODUCTION)) as client:
        answer = await client.get("/metrics", headers={"host": "api.totetaxi.com"})

    assert answer.status_code == 404
