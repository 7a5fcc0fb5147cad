"""Log lines: JSON, one stream for all loggers, nothing personal."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from tests.builders import a_booking, a_contact
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.logging import configure_logging


@pytest.fixture
def lines() -> Iterator[StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = StringIO()
    configure_logging(level="INFO", stream=stream)
    yield stream
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def read(lines: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_given_a_bound_request_id_when_anyone_logs_then_every_line_has_it(
    lines: StringIO,
) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger().info("ours", count=2)
        logging.getLogger("uvicorn.error").info("Started %s", "here")
        logging.getLogger("some.library").warning("careful")

    logged = read(lines)

    assert [line["event"] for line in logged] == ["ours", "Started here", "careful"]
    assert {line["request_id"] for line in logged} == {"r1"}
    assert logged[0]["count"] == 2
    assert logged[2]["logger"] == "some.library"
    assert all(line["timestamp"].endswith("Z") for line in logged)


def test_given_noise_when_logged_then_it_stays_out(lines: StringIO) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("uvicorn.access").info('203.0.113.1 - "GET /"')
    logging.getLogger("httpx").info("HTTP Request: GET")

    assert read(lines) == []


@pytest.mark.parametrize(
    "personal",
    [
        "ada.lovelace+x@example.com",
        "+12125550123",
        "(212) 555-0123",
        "212-555-0123",
        "pi_3Abc_secret_xyz",
        "sk_live_abc",
        "sk_test_abc",
        "whsec_abc",
        "eyJhbGciOi.eyJzdWIi.c2ln",
    ],
)
def test_given_personal_text_when_logged_anywhere_then_it_is_hidden(
    lines: StringIO, personal: str
) -> None:
    log = structlog.get_logger()

    log.info("to %s", personal, note=[{"deep": personal}], where=("x", personal))
    logging.getLogger("library").error("failed for %s", personal)
    try:
        int(f"x {personal}")
    except ValueError:
        log.exception("broke")

    assert personal not in lines.getvalue()
    assert lines.getvalue().count("[redacted]") >= 5


def test_given_fields_with_secret_names_when_logged_then_their_values_are_hidden(
    lines: StringIO,
) -> None:
    structlog.get_logger().info(
        "login", email="x", password="hunter2", manage_token="t", customer={"first_name": "Ada"}
    )

    line = read(lines)[0]

    assert (line["email"], line["password"], line["manage_token"]) == ("[redacted]",) * 3
    assert line["customer"] == {"first_name": "[redacted]"}


@pytest.mark.parametrize(
    "plain",
    [
        "TT-7K2M9QXR",
        "2026-12-01T14:30:00Z",
        "81ad45c3-18ad-47d9-9b23-6250a2bec1a5",
        "123456-789012",
        "/api/public/services",
        "1.2345678901234",
    ],
)
def test_given_ordinary_text_when_logged_then_it_stays(lines: StringIO, plain: str) -> None:
    structlog.get_logger().info("seen", what=plain)

    line = read(lines)[0]

    assert line["what"] == plain


def test_given_an_object_without_json_when_logged_then_its_text_is_written(
    lines: StringIO,
) -> None:
    structlog.get_logger().info("seen", what={1, 2}, kind=ValueError)

    line = read(lines)[0]

    assert line["what"] == [1, 2]
    assert "ValueError" in line["kind"]


async def test_given_a_row_the_database_refuses_when_logged_then_nobody_is_named(
    lines: StringIO, postgres_uow_factory: PostgresUowFactory
) -> None:
    contact = replace(a_contact(), first_name="Grace", last_name="Hopper")
    nameless = replace(a_booking(contact=contact), booking_number=None)  # type: ignore[arg-type]

    try:
        async with postgres_uow_factory() as uow:
            await uow.bookings.add(nameless)
    except IntegrityError as error:
        structlog.get_logger().error("request_failed", exc_info=error)

    assert "NotNullViolation" in lines.getvalue()
    assert "Grace" not in lines.getvalue()
    assert "Hopper" not in lines.getvalue()
