"""A query parameter that a route does not know is refused by name, on every route below /api."""

import re
from typing import Any

import pytest

from tests.http.echo import client_of, echo_app
from tests.http.service import operations, service_app

PATH_VALUES = {
    "webhook_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "event_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "refused_address_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "message_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "payment_method_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "customer_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "member_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "address_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "service_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "blade_service_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "book_version": "1",
    "section": "surcharge-rules",
    "entry_id": "weekend-mini_move",
    "code": "VIP10",
    "zip_code": "10001",
    "booking_number": "TT-00000000",
    "task_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "document_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "plan_on": "2026-12-01",
    "name": "revenue",
    "refund_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
    "booking_id": "f5dfcfc2-230c-53c5-9bac-c318632e10e5",
}


def is_read_after_login(operation: dict[str, Any]) -> bool:
    """Tell whether a login comes before its query: a stranger is told of that alone."""
    has_query = any(one["in"] == "query" for one in operation.get("parameters", ()))
    return has_query and {"bearer": []} in operation.get("security", ())


ROUTES = [
    (method, path)
    for method, path, operation in operations()
    if path.startswith("/api/") and not is_read_after_login(operation)
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_given_unknown_parameters_when_a_route_is_called_then_each_is_named(
    method: str, path: str
) -> None:
    filled = re.sub(r"{(\w+)}", lambda name: PATH_VALUES[name[1]], path)

    async with client_of(service_app()) as client:
        answer = await client.request(method, f"{filled}?surprise=1&sur%20prise&surprise=2")

    told = answer.json()
    assert (answer.status_code, told["error_type"]) == (400, "invalid")
    unknown = [one["field"] for one in told["details"] if one["code"] == "unknown_field"]
    assert sorted(unknown) == ["sur prise", "surprise"]


@pytest.mark.parametrize("query", ["", "?", "?&&"])
async def test_given_no_parameter_when_a_route_without_any_is_called_then_it_goes_on(
    query: str,
) -> None:
    async with client_of(service_app()) as client:
        answer = await client.post(f"/api/public/guest-booking{query}", content=b"{}")

    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/schema/openapi.json"])
async def test_given_a_probe_when_it_adds_parameters_then_it_is_answered(path: str) -> None:
    async with client_of(service_app()) as client:
        answer = await client.get(f"{path}?x=1")

    assert answer.status_code == 200


async def test_given_a_browser_when_it_asks_ahead_for_an_address_with_a_query_then_it_may() -> None:
    headers = {"Origin": "https://app.totetaxi.com", "Access-Control-Request-Method": "GET"}
    allowed = {"CORS_ALLOWED_ORIGINS": "https://app.totetaxi.com"}

    async with client_of(echo_app(allowed)) as client:
        preflight = await client.options("/search?limit=1", headers=headers)
    async with client_of(service_app()) as client:
        plain = await client.options("/api/public/services?x=1")

    assert (preflight.status_code, plain.status_code) == (204, 204)
