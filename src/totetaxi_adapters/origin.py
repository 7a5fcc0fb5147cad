"""Where work comes from: the request's id and trace, carried to jobs and to providers' calls."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

import httpx
import structlog

REQUEST_ID: Final = "request_id"
TRACEPARENT: Final = "traceparent"
BOOKING_ID: Final = "booking_id"
# Of the span at hand, as W3C's Trace Context writes it; None where nothing is traced.
traceparent: ContextVar[str | None] = ContextVar(TRACEPARENT, default=None)


def current_origin() -> dict[str, str] | None:
    """Return what is known of the request at work here; None outside of any."""
    request_id = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    known = {REQUEST_ID: request_id, TRACEPARENT: traceparent.get()}
    origin = {name: str(value) for name, value in known.items() if value is not None}
    return origin or None


def name_booking(booking_id: UUID) -> None:
    """Have every log line of the work at hand name this booking, until that work ends."""
    structlog.contextvars.bind_contextvars(**{BOOKING_ID: str(booking_id)})


@contextmanager
def at_work(**names: object) -> Iterator[None]:
    """Have every log line of the block bear these names, and leave no booking's behind."""
    given = {name: value for name, value in names.items() if value is not None}
    # structlog's own mark of what is not bound: no booking is, until one is named.
    tokens = structlog.contextvars.bind_contextvars(**{BOOKING_ID: ..., **given})
    try:
        yield
    finally:
        structlog.contextvars.reset_contextvars(**tokens)


def outgoing_headers() -> Mapping[str, str]:
    """Return what a call to a provider tells of its origin."""
    origin = current_origin() or {}
    headers = {"X-Request-ID": origin.get(REQUEST_ID), TRACEPARENT: origin.get(TRACEPARENT)}
    return {name: value for name, value in headers.items() if value is not None}


async def tell_origin(request: httpx.Request) -> None:
    """Add the origin to a request that httpx is about to send."""
    request.headers.update(outgoing_headers())
