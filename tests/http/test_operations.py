"""Every operation is described to its end: examples, headers, and its errors."""

import re
from typing import Any

import pytest

from tests.http.service import examples_in, operations, service_app
from totetaxi_http.refusal_status import STATUS_BY_CODE

OPERATIONS = operations()
EVERY = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
PROBLEM = "application/problem+json"
NOT_MODIFIED = "304"
# A deletion says its password again.
BODIES = {"post", "put", "patch"}
DELETED_WITH_BODY = "/api/customer/profile"
WITHOUT_BODY = {
    "/api/customer/payment-methods/setup-intent",
    "/api/staff/bookings/{booking_id}/payment-link",
    "/api/staff/logistics/sync",
    "/api/staff/logistics/sync-task/{task_id}",
    "/api/staff/logout",
    "/api/staff/messages/{message_id}/send-again",
    "/api/staff/refunds/{refund_id}/approve",
    "/api/staff/refunds/{refund_id}/reject",
    "/api/staff/webhooks/{webhook_id}/deliveries/{event_id}/redeliver",
    "/api/staff/webhooks/{webhook_id}/secret",
    "/api/staff/webhooks/{webhook_id}/test",
}


@EVERY
def test_given_an_operation_when_described_then_it_says_what_it_does(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    del method, path

    assert operation["summary"]
    assert len(operation["description"]) > 10


@EVERY
def test_given_an_operation_when_described_then_its_body_and_answers_have_examples(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    good = [operation["responses"][status] for status in operation["responses"] if status < "3"]
    onward = [
        operation["responses"][status]
        for status in operation["responses"]
        if status[0] == "3" and status != NOT_MODIFIED
    ]
    body = operation.get("requestBody")

    has_body = method in BODIES or (method == "delete" and path == DELETED_WITH_BODY)
    assert (body is not None) is (has_body and path not in WITHOUT_BODY), path
    assert good or onward
    assert all(examples_in(one["content"]) for one in (*good, *([body] if body else [])))
    assert all("location" in one["headers"] for one in onward)


@EVERY
def test_given_an_operation_when_described_then_what_must_be_sent_has_an_example(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    del method
    parameters = operation.get("parameters", [])

    missing = [one["name"] for one in parameters if one["required"] and "example" not in one]

    assert missing == []
    assert {one["name"] for one in parameters if one["in"] == "path"} == set(
        re.findall(r"{(\w+)}", path)
    )


@EVERY
def test_given_an_operation_when_described_then_each_error_has_its_code_and_status(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    del method
    errors = {
        status: response
        for status, response in operation["responses"].items()
        if PROBLEM in response.get("content", {})
    }

    codes = {
        (one["error_type"], one["status"], status)
        for status, response in errors.items()
        for one in examples_in(response["content"])
    }

    assert errors or path.startswith("/health")
    assert {
        (code, STATUS_BY_CODE[code], str(STATUS_BY_CODE[code])) for code, _, _ in codes
    } == codes
    if path.startswith("/api/"):
        assert "invalid" in {code for code, _, _ in codes}
    waiting = {status for status in errors if "Retry-After" in errors[status].get("headers", {})}
    assert waiting == errors.keys() & {"429", "503"}


@pytest.mark.parametrize(
    ("path", "codes"),
    [
        ("/api/public/guest-booking", {"payment_unavailable", "payment_under_way"}),
        ("/api/public/services", {"invalid", "rate_limited"}),
        ("/api/payments/webhook", {"invalid", "invalid_signature", "body_too_large"}),
    ],
)
def test_given_errors_that_come_from_elsewhere_when_described_then_they_are_named(
    path: str, codes: set[str]
) -> None:
    operation = next(one for _, each, one in OPERATIONS if each == path)

    named = {
        one["error_type"]
        for response in operation["responses"].values()
        if PROBLEM in response.get("content", {})
        for one in examples_in(response["content"])
    }

    assert codes <= named


@pytest.mark.parametrize(
    ("path", "sent", "told"),
    [
        ("/api/public/guest-booking", "Idempotency-Key", {"ETag", "Idempotency-Replayed"}),
        ("/api/payments/webhook", "Stripe-Signature", set()),
        ("/api/payments/confirm", None, {"ETag"}),
        ("/api/public/manage", None, {"ETag"}),
    ],
)
def test_given_headers_when_described_then_those_of_request_and_answers_are_there(
    path: str, sent: str | None, told: set[str]
) -> None:
    operation = next(one for _, each, one in OPERATIONS if each == path)

    asked = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
    good = [one for status, one in operation["responses"].items() if status < "3"]

    assert asked == ({sent} if sent else set())
    assert all(set(one.get("headers", {})) == told for one in good)
    assert all(header["schema"] for one in good for header in one.get("headers", {}).values())


def test_given_problems_of_any_path_when_described_then_they_are_components() -> None:
    shared = service_app().openapi_schema.to_schema()["components"]["responses"]

    codes = {one["error_type"] for each in shared.values() for one in examples_in(each["content"])}

    assert codes == {"invalid_host", "not_found", "method_not_allowed", "internal_error"}
    assert codes <= STATUS_BY_CODE.keys()
