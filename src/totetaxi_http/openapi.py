"""The API's own description: /schema/openapi.json, and a plain page of it at /schema."""

from collections.abc import Iterator
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, cast

from litestar import Response, Router
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIResponse,
    Operation,
    SecurityScheme,
)
from litestar.plugins.base import ReceiveRoutePlugin
from litestar.routes import HTTPRoute
from litestar.routes.base import BaseRoute

from totetaxi_http.openapi_page import PlainPage
from totetaxi_http.problem import CODE_BY_STATUS, MEDIA_TYPE, STATUS_BY_CODE, Problem
from totetaxi_http.wire.query import QueryProvide, parameters_of


def problems(*statuses: int, codes: tuple[str, ...] = ()) -> dict[int, ResponseSpec]:
    """Return a handler's `responses=`: its errors, by status and by the codes it may answer."""
    named: dict[int, list[str]] = {status: [] for status in statuses}
    for code in codes:
        named.setdefault(STATUS_BY_CODE[code], []).append(code)
    return {status: _problem_response(status, named[status]) for status in sorted(named)}


def _problem_response(status: int, codes: list[str]) -> ResponseSpec:
    known = HTTPStatus(status)
    description = f"{known.phrase}: {', '.join(codes)}" if codes else known.phrase
    shown = codes or [CODE_BY_STATUS[status]]
    return ResponseSpec(
        Problem,
        description=description,
        media_type=MEDIA_TYPE,
        generate_examples=False,
        examples=[Example(summary=code, value=_example(code, known)) for code in shown],
    )


def _example(code: str, status: HTTPStatus) -> dict[str, Any]:
    return {
        "type": f"urn:totetaxi:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status.value,
        "detail": status.phrase,
        "instance": "/api/…",
        "error": True,
        "error_type": code,
        "message": status.phrase,
        "details": [],
    }


def openapi_config() -> OpenAPIConfig:
    """Return the document's frame."""
    return OpenAPIConfig(
        title="ToteTaxi",
        version=version("totetaxi"),
        description="Quotes, bookings and payments for mini moves and deliveries.",
        openapi_router=Router(
            "/schema", route_handlers=[], include_in_schema=False, after_request=_no_page
        ),
        render_plugins=[JsonRenderPlugin(), PlainPage()],
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
                "manage_token": SecurityScheme(
                    type="apiKey", name="X-Manage-Token", security_scheme_in="header"
                ),
            }
        ),
    )


class DocumentedOperations(ReceiveRoutePlugin):
    """Adds to every operation its query class and the errors that come with its shape."""

    def receive_route(self, route: BaseRoute) -> None:
        """Complete each handler of `route` before its operation is described."""
        if isinstance(route, HTTPRoute):
            for handler, _ in route.route_handler_map.values():
                usual = problems(*_usual_statuses(handler, route))
                handler.responses = {**usual, **(handler.responses or {})}
                # Litestar calls it as it would the class.
                handler.operation_class = cast("type[Operation]", _Described(handler))


def _usual_statuses(handler: HTTPRouteHandler, route: HTTPRoute) -> Iterator[int]:
    if handler.parsed_data_field is not None:
        yield from (400, 413, 415)
    if any(isinstance(one, QueryProvide) for one in handler.resolve_dependencies().values()):
        yield 400
    if route.path_parameters:
        yield 404
    if handler.opt.get("rate_limit", "") is not None:
        yield 429


class _Described:
    def __init__(self, handler: HTTPRouteHandler) -> None:
        self._handler = handler

    def __call__(self, **stated: Any) -> Operation:  # noqa: ANN401  Operation's own fields
        parameters = list(stated.pop("parameters") or ())
        for provided in self._handler.resolve_dependencies().values():
            if isinstance(provided, QueryProvide):
                parameters.extend(parameters_of(provided.kind))
        responses = {
            status: response
            for status, response in (stated.pop("responses") or {}).items()
            if not _is_litestars_own(status, response)
        }
        return Operation(**stated, parameters=parameters or None, responses=responses)


def _is_litestars_own(status: str, response: OpenAPIResponse) -> bool:
    # Wherever a handler takes input, Litestar documents its own shape of a 400.
    return status == "400" and "application/json" in (response.content or {})


async def _no_page(response: Response[Any]) -> Response[Any]:
    """Answer an unknown path below /schema with a problem, not with Litestar's page."""
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise NotFoundException
    return response
