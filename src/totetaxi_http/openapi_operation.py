"""Completes each operation of the description: what its shape brings, headers, and examples.

A handler names in `opt`, for the document alone:

- `headers`: request headers it reads, as OpenAPI parameters;
- `path_examples`: a value for each of its path parameters;
- `raw_body`: the request body of a handler that reads the bytes themselves;
- `answers`: its answers by status, where they are no JSON;
- `content_beside_json`: what else its success may be, by media type.

Headers of its answers are its `response_headers`, those of a 2xx for every 2xx. The classes of
bodies, queries and answers carry their `EXAMPLE`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIType
from litestar.plugins.base import ReceiveRoutePlugin
from litestar.routes import HTTPRoute
from litestar.routes.base import BaseRoute

from totetaxi_http.openapi import ProblemSpec, problems
from totetaxi_http.problem import MEDIA_TYPE
from totetaxi_http.wire.query import parameters_of, query_kind_of
from totetaxi_http.wire.schema import ExampleValue

_TEXT = Schema(type=OpenAPIType.STRING)
_RETRY_AFTER = {
    "Retry-After": OpenAPIHeader(
        description="Whole seconds after which to try again.",
        schema=Schema(type=OpenAPIType.INTEGER, minimum=1),
    )
}
_PROBLEM_HEADERS = {
    "401": {"WWW-Authenticate": OpenAPIHeader(description="`Bearer`.", schema=_TEXT)},
    "429": _RETRY_AFTER,
    "503": _RETRY_AFTER,
}


class DocumentedOperations(ReceiveRoutePlugin):
    """Adds to every operation its query class, its examples and the errors of its shape."""

    def receive_route(self, route: BaseRoute) -> None:
        """Complete each handler of `route` before its operation is described."""
        if isinstance(route, HTTPRoute):
            for handler, _ in route.route_handler_map.values():
                usual = problems(*_usual_statuses(handler, route))
                handler.responses = _merged(handler.responses or {}, usual)
                # Litestar calls it as it would the class.
                handler.operation_class = cast("type[Operation]", _Described(handler))


def _usual_statuses(handler: HTTPRouteHandler, route: HTTPRoute) -> Iterator[int]:
    if handler.parsed_data_field is not None:
        yield from (400, 413, 415)
    if query_kind_of(handler) is not None or route.path.startswith("/api/"):
        yield 400  # at least for parameters nobody knows
    if route.path_parameters:
        yield 404
    if handler.opt.get("rate_limit", "") is not None:
        yield 429


def _merged(
    own: Mapping[int, ResponseSpec], usual: Mapping[int, ResponseSpec]
) -> dict[int, ResponseSpec]:
    merged = {**usual, **own}
    for status in own.keys() & usual.keys():
        one, other = own[status], usual[status]
        if isinstance(one, ProblemSpec) and isinstance(other, ProblemSpec):
            merged[status] = one.with_codes(other.codes)
    return merged


class _Described:
    def __init__(self, handler: HTTPRouteHandler) -> None:
        self._handler = handler

    def __call__(self, **stated: Any) -> Operation:  # noqa: ANN401  Operation's own fields
        stated["parameters"] = self._parameters(stated["parameters"] or ()) or None
        stated["request_body"] = self._body(stated["request_body"])
        stated["responses"] = self._responses(stated["responses"] or {})
        return Operation(**stated)

    def _parameters(self, found: Iterable[Parameter]) -> list[Parameter]:
        examples = self._handler.opt.get("path_examples", {})
        own = list(found)
        for parameter in own:
            parameter.example = examples.get(parameter.name)
        kind = query_kind_of(self._handler)
        queried = parameters_of(kind) if kind is not None else []
        return [*own, *queried, *self._handler.opt.get("headers", ())]

    def _body(self, found: RequestBody | None) -> RequestBody | None:
        field = self._handler.parsed_data_field
        if found is not None and field is not None:
            _show(found.content, field.annotation)
            found.required = field.is_required
            return found
        raw: RequestBody | None = self._handler.opt.get("raw_body")
        return raw

    def _responses(self, found: Mapping[str, OpenAPIResponse]) -> dict[str, OpenAPIResponse]:
        responses = {
            status: response
            for status, response in found.items()
            if not _is_litestars_own(status, response)
        }
        headers = _typed(responses[str(self._handler.status_code)].headers or {})
        for status, response in responses.items():
            if status < "3":
                response.headers = headers or None
                _show(response.content, self._answer_class(status))
            elif MEDIA_TYPE in (response.content or {}):
                response.headers = {**_PROBLEM_HEADERS.get(status, {})} or None
        success = responses[str(self._handler.status_code)]
        beside: Mapping[str, OpenAPIMediaType] = self._handler.opt.get("content_beside_json", {})
        success.content = {**(success.content or {}), **beside} or None
        answers: Mapping[str, OpenAPIResponse] = self._handler.opt.get("answers", {})
        return {**responses, **answers}

    def _answer_class(self, status: str) -> Any:  # noqa: ANN401  a type expression has no type
        other = (self._handler.responses or {}).get(int(status))
        if other is not None:
            return other.data_container
        returned = self._handler.parsed_fn_signature.return_type
        if returned.is_subclass_of(Response) and returned.inner_types:
            return returned.inner_types[0].annotation
        return returned.annotation


def _typed(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Give those headers a type that have only a description."""
    for header in headers.values():
        header.schema = header.schema or _TEXT
    return dict(headers)


def _show(content: Mapping[str, OpenAPIMediaType] | None, kind: Any) -> None:  # noqa: ANN401
    """Show the example of `kind` with the content, unless that has its own."""
    example = getattr(kind, "EXAMPLE", None)
    for media in (content or {}).values():
        if example is not None and not media.examples:
            media.examples = {"example": Example(value=ExampleValue(example))}


def _is_litestars_own(status: str, response: OpenAPIResponse) -> bool:
    # Wherever a handler takes input, Litestar documents its own shape of a 400.
    return status == "400" and "application/json" in (response.content or {})
