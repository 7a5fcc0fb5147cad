"""Refusals and failures as problem details (RFC 9457)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import attrs
import structlog
from litestar import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_http.refusal_status import CODE_BY_STATUS, status_of
from totetaxi_http.wire.faults import BODY
from totetaxi_http.wire.response import WireResponse

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
"""What a 503 advises when its cause does not know better."""

_MOST_SHOWN = 5
_DISCONNECTED = "client disconnected prematurely"
_LOG = structlog.get_logger(__name__)

ProblemFacts = Callable[[DomainError], Mapping[str, object]]


@attrs.frozen(kw_only=True)
class FaultDetail:
    """One bad field: dotted path, stable code, a sentence."""

    field: str
    code: str
    message: str


@attrs.frozen(kw_only=True)
class Problem:
    """An error. `error_type` is its stable code; `details` names every bad field.

    `price_changed` adds the new `quote`, `refund_changed` the new `cancellation`,
    `crews_below_taken` the `bookings` in the way.
    """

    MAY_HAVE_MORE: ClassVar[bool] = True

    type: str
    title: str
    status: int
    detail: str
    instance: str
    error: bool = True
    error_type: str
    message: str
    details: tuple[FaultDetail, ...] = ()
    request_id: str | None = None


def problem(
    code: str,
    *,
    status: int,
    detail: str,
    instance: str,
    faults: tuple[FieldFault, ...] = (),
) -> Problem:
    """Return the problem `code`; the request's id is taken from the logging context."""
    context = structlog.contextvars.get_contextvars()
    return Problem(
        type=f"urn:totetaxi:problem:{code}",
        title=code.replace("_", " ").capitalize(),
        status=int(status),  # an HTTPStatus would show as itself in logs
        detail=detail,
        instance=instance,
        error_type=code,
        message=detail,
        details=tuple(
            FaultDetail(field=fault.field, code=fault.code, message=fault.message)
            for fault in faults
        ),
        request_id=context.get("request_id"),
    )


def problem_handlers(facts: Mapping[str, ProblemFacts]) -> ExceptionHandlersMap:
    """Return the exception handlers; `facts` adds members to the problem of a code."""

    def refuse(request: Request[Any, Any, Any], error: DomainError) -> WireResponse[Any]:
        status = status_of(error)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            _LOG.error("refusal_without_status", code=error.code)
            return _failure(request, error)
        made = problem(
            error.code,
            status=status,
            detail=_detail_of(error),
            instance=request.scope["path"],
            faults=_faults_of(error),
        )
        extra = facts[error.code](error) if error.code in facts else {}
        return _answer(made, headers=_headers_of(error, status), extra=extra)

    return {DomainError: refuse, HTTPException: _refuse_http, Exception: _failure}


def _detail_of(error: DomainError) -> str:
    if not isinstance(error, InvalidInputError) or len(error.faults) == 1:
        return str(error)
    fields = list(dict.fromkeys(fault.field for fault in error.faults))
    if len(fields) == 1:
        return f"{fields[0]}: {'; '.join(fault.message for fault in error.faults)}"
    more = ", …" if len(fields) > _MOST_SHOWN else ""
    return f"{len(fields)} fields are not valid: {', '.join(fields[:_MOST_SHOWN])}{more}"


def _faults_of(error: DomainError) -> tuple[FieldFault, ...]:
    if isinstance(error, InvalidInputError):
        return error.faults
    if error.field is None:
        return ()
    return (FieldFault(field=error.field, code=error.code, message=str(error)),)


def _headers_of(error: DomainError, status: int) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    wait_s = getattr(error, "retry_after_s", None)
    if wait_s is None and status == HTTPStatus.SERVICE_UNAVAILABLE:
        wait_s = RETRY_AFTER_S
    return headers if wait_s is None else headers | {"Retry-After": str(wait_s)}


def _refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> WireResponse[Any]:
    if error.detail == _DISCONNECTED:
        # Nobody reads this answer; it must only not count as a failure of ours.
        return _plain(request, HTTPStatus.BAD_REQUEST, headers={})
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failure(request, error)
    if isinstance(error, ValidationException):
        made = problem(
            "invalid",
            status=HTTPStatus.BAD_REQUEST,
            detail="The request is not valid.",
            instance=request.scope["path"],
            faults=_litestar_faults(error),
        )
        return _answer(made, headers={})
    return _plain(request, HTTPStatus(error.status_code), headers=dict(error.headers or {}))


def _plain(
    request: Request[Any, Any, Any], status: HTTPStatus, *, headers: Mapping[str, str]
) -> WireResponse[Any]:
    made = problem(
        CODE_BY_STATUS.get(status, status.name.lower()),
        status=status,
        detail=f"{status.description or status.phrase}.",
        instance=request.scope["path"],
    )
    return _answer(made, headers=headers)


def _litestar_faults(error: ValidationException) -> tuple[FieldFault, ...]:
    """Translate what Litestar itself checks: an absent body, headers, path parameters."""
    extra = error.extra if isinstance(error.extra, list) else []
    named = [one for one in extra if isinstance(one, dict) and one.get("key")]
    if not named:
        return (FieldFault(field=BODY, code="missing", message="is required, as JSON"),)
    return tuple(
        FieldFault(field=BODY, code="missing", message="is required, as JSON")
        if one["key"] == "data"
        else FieldFault(
            field=str(one["key"]), code="invalid_value", message="is missing or not valid"
        )
        for one in named
    )


def _failure(request: Request[Any, Any, Any], error: Exception) -> WireResponse[Any]:
    _LOG.error("request_failed", exc_info=error)
    made = problem(
        "internal_error",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        detail="Something went wrong on our side; the request id finds it in our logs.",
        instance=request.scope["path"],
    )
    return _answer(made, headers={})


def _answer(
    made: Problem, *, headers: Mapping[str, str], extra: Mapping[str, object] | None = None
) -> WireResponse[Any]:
    content = attrs.asdict(made) | dict(extra or {})
    return WireResponse(
        content=content, status_code=made.status, headers=dict(headers), media_type=MEDIA_TYPE
    )
