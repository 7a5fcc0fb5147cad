"""The API's own description: /schema/openapi.json, and a plain page of it at /schema."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Self

from litestar import Response, Router
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Reference,
    SecurityScheme,
)

from totetaxi_http.openapi_page import PlainPage
from totetaxi_http.problem import MEDIA_TYPE, Problem
from totetaxi_http.refusal_status import CODE_BY_STATUS, STATUS_BY_CODE

DESCRIPTION = """Quotes, bookings and payments for mini moves and deliveries.

Errors are `application/problem+json`, told apart by `error_type`. Besides those an operation
names, any path may answer the ones of `components/responses`.
"""
EVERYWHERE: Mapping[str, tuple[int, str]] = {
    "invalid_host": (400, "The Host header names a host that is not served here."),
    "not_found": (404, "There is nothing at this path."),
    "method_not_allowed": (405, "The path is there, for other methods."),
    "internal_error": (500, "A fault of ours; `request_id` finds it in our logs."),
}
_FAULT = {
    "field": "pickup_date",
    "code": "not_a_date",
    "message": "must be a date such as 2026-12-01",
}


@dataclass
class ProblemSpec(ResponseSpec):
    """The errors of one status, by their codes."""

    status: int = 400
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, status: int, codes: Iterable[str]) -> Self:
        known, named = HTTPStatus(status), tuple(dict.fromkeys(codes))
        return cls(
            data_container=Problem,
            description=f"{known.phrase}: {', '.join(named)}",
            media_type=MEDIA_TYPE,
            generate_examples=False,
            examples=[Example(summary=code, value=_example(code, known)) for code in named],
            status=status,
            codes=named,
        )

    def with_codes(self, codes: Iterable[str]) -> Self:
        """Return the same with more codes."""
        return self.of(self.status, (*self.codes, *codes))


def problems(*statuses: int, codes: tuple[str, ...] = ()) -> dict[int, ResponseSpec]:
    """Return a handler's `responses=`: its errors, by status and by the codes it may answer."""
    named: dict[int, list[str]] = {status: [] for status in statuses}
    for code in codes:
        named.setdefault(STATUS_BY_CODE[code], []).append(code)
    return {
        status: ProblemSpec.of(status, named[status] or [CODE_BY_STATUS[status]])
        for status in sorted(named)
    }


def _example(code: str, status: HTTPStatus) -> dict[str, Any]:
    detail = status.description or status.phrase
    return {
        "type": f"urn:totetaxi:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status.value,
        "detail": detail,
        "instance": "/api/…",
        "error": True,
        "error_type": code,
        "message": detail,
        "details": [_FAULT] if code == "invalid" else [],
        "request_id": "0f5c1d2e3b4a49788c6d5e4f3a2b1c0d",
    }


def _everywhere() -> dict[str, OpenAPIResponse | Reference]:
    """Return the problems that any path may answer, which no operation names."""
    return {
        code: OpenAPIResponse(
            description=said,
            content={
                MEDIA_TYPE: OpenAPIMediaType(
                    schema=Reference(ref="#/components/schemas/Problem"),
                    examples={code: Example(value=_example(code, HTTPStatus(status)))},
                )
            },
        )
        for code, (status, said) in EVERYWHERE.items()
    }


def openapi_config() -> OpenAPIConfig:
    """Return the document's frame."""
    return OpenAPIConfig(
        title="ToteTaxi",
        version=version("totetaxi"),
        description=DESCRIPTION,
        openapi_router=Router(
            "/schema", route_handlers=[], include_in_schema=False, after_request=_no_page
        ),
        render_plugins=[JsonRenderPlugin(), PlainPage()],
        use_handler_docstrings=True,
        components=Components(
            responses=_everywhere(),
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "manage_token": SecurityScheme(
                    type="apiKey", name="X-Manage-Token", security_scheme_in="header"
                ),
            },
        ),
    )


async def _no_page(response: Response[Any]) -> Response[Any]:
    """Answer an unknown path below /schema with a problem, not with Litestar's page."""
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise NotFoundException
    return response
