"""Logs: one JSON object a line, with the request's id, without personal data.

The first defence is not to log what is personal; `redact` is the second.
"""

import logging
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from totetaxi_adapters.log_stream import LogStream

_ENCODER = msgspec.json.Encoder(enc_hook=repr)
_HIDDEN = "[redacted]"
_SHORT = 64
# Written by our own processors or checked where they come in.
_OURS = frozenset(
    {"timestamp", "level", "request_id", "booking_id", "job_id", "effect_id", "trace_id"}
)
_SECRET_NAMES = re.compile(
    r"password|secret|token|authorization|api_?key|cookie|^e?_?mail$|_email$|^email|phone"
    r"|first_name|last_name|address_line|instructions",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"  # e-mail addresses
    r"|\bpi_\w{3,64}_secret_\w+|\bseti_\w{3,64}_secret_\w+"  # Stripe client secrets
    r"|\b[rs]k_(?:live|test)_\w+|\bwhsec_\w+"  # Stripe keys
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"  # JWTs
    r"|(?<=DETAIL:).*"  # the row that broke a constraint
    r"|(?<=token=)[^\s&\"']+"  # links in mails
    r"|(?<![\w.:-])\+\d{10,15}\b"  # phone numbers, E.164
    r"|(?<![\w.:-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])"  # and as people write them
)
_LOUD = ("alembic", "httpx", "httpcore", "stripe", "procrastinate")
# Ours says more than uvicorn's own line for every request, and without the address.
_SILENT = ("uvicorn.access",)


def configure_logging(*, level: str, stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's records as JSON lines to `stream`.

    `stream` is standard error when not given: standard output belongs to commands' answers.
    uvicorn must be started with `log_config=None`, so that it keeps to this.
    """
    target = cast("TextIO", LogStream(sys.stderr if stream is None else stream))
    threshold = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[*_processors(), _render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        cache_logger_on_first_use=False,  # else a second call would not reach loggers in use
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    for name in _LOUD:
        logging.getLogger(name).setLevel(max(logging.WARNING, threshold))
    _route_uvicorn()


def _processors() -> tuple[Processor, ...]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    )


def _formatter() -> logging.Formatter:
    """Return what turns the standard library's records into the same lines."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_processors()[:1],
            structlog.stdlib.add_log_level,
            *_processors()[2:],
            _render,
        ],
    )


def _render(_: WrappedLogger, __: str, event: EventDict) -> str:
    return _ENCODER.encode(event).decode()


def _route_uvicorn() -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)  # a server made before may have set it
        logger.propagate = name not in _SILENT


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Hide what looks personal or secret, by the name of a field or the shape of its text."""
    return {
        name: value if name in _OURS else _redacted(name, value) for name, value in event.items()
    }


def _redacted(name: str, value: Any) -> Any:  # noqa: ANN401  anything may be logged
    if value is None or isinstance(value, bool):
        return value
    if _is_secret_name(name):
        return _HIDDEN
    if isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", inner) for inner in value]
    text = str(value)
    return _redacted_short(text) if len(text) <= _SHORT else _PERSONAL.sub(_HIDDEN, text)


@lru_cache(maxsize=1_024)
def _is_secret_name(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


@lru_cache(maxsize=1_024)
def _redacted_short(text: str) -> str:
    # Methods, routes and event names recur on every line; the search is most of a line's cost.
    return _PERSONAL.sub(_HIDDEN, text)
