"""Query strings: one attrs class is the parameters, their checks and their documentation.

@get("/availability", dependencies={"asked": query_of(AvailabilityQuery)})
async def availability(asked: FromQueryClass[AvailabilityQuery]) -> ...
"""

from functools import lru_cache
from typing import Annotated, Any, TypeVar, get_type_hints
from urllib.parse import unquote_plus

import attrs
from litestar import Request
from litestar._openapi.schema_generation import SchemaCreator
from litestar.di import Dependency, Provide
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Parameter, Reference, Schema
from litestar.params import SkipValidationMarker
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send
from litestar.typing import FieldDefinition

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.faults import unknown_field
from totetaxi_http.wire.schema import WireSchemas
from totetaxi_http.wire.structuring import list_fields, structure_query

T = TypeVar("T")
FromQueryClass = Annotated[T, Dependency(kind="named"), SkipValidationMarker()]
"""Marks the handler's parameter that `query_of` fills."""

_MOST_PARAMETERS = 200
_MOST_HANDLERS = 1_024


class QueryProvide(Provide):
    """Provides the attrs class `kind`, structured from the query."""

    __slots__ = ("kind",)

    def __init__(self, kind: type[Any]) -> None:
        listed = list_fields(kind)

        def provide(request: Request[Any, Any, Any]) -> Any:  # noqa: ANN401  it is a `kind`
            pairs = _pairs(request.scope["query_string"])
            return structure_query(pairs, kind, listed=listed, state=request.app.state)

        super().__init__(provide, sync_to_thread=False)
        self.kind = kind


def query_of(kind: type[Any]) -> QueryProvide:
    """Return the dependency that reads the attrs class `kind` from the query.

    Raises, when it is used:
        InvalidInputError: a parameter is unknown, repeated without being a list, or bad.
    """
    return QueryProvide(kind)


@lru_cache(maxsize=_MOST_HANDLERS)  # Litestar looks it all up anew at every call
def query_kind_of(handler: BaseRouteHandler) -> type[Any] | None:
    """Return the class of the handler's query; None if it takes none."""
    provided = handler.resolve_dependencies().values()
    return next((one.kind for one in provided if isinstance(one, QueryProvide)), None)


class NoOtherQueries:
    """Refuses every query parameter below /api that is sent to a handler without a query class."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["query_string"]:
            _refuse_others(scope)
        await self._app(scope, receive, send)


def _refuse_others(scope: HTTPScope) -> None:
    # A browser asks with OPTIONS for any address it is about to call.
    if not scope["path"].startswith("/api/") or scope["method"] == "OPTIONS":
        return
    if query_kind_of(scope["route_handler"]) is None:
        names = dict.fromkeys(name for name, _ in _pairs(scope["query_string"]))
        if names:
            raise InvalidInputError([unknown_field(name) for name in names])


def parameters_of(kind: type[Any]) -> list[Parameter]:
    """Return the fields of `kind` as OpenAPI query parameters, with the values of its `EXAMPLE`."""
    creator = SchemaCreator(plugins=[WireSchemas()])
    hints = get_type_hints(kind, include_extras=True)
    examples = getattr(kind, "EXAMPLE", {})
    return [
        _parameter(field, hints[field.name], creator, example=examples.get(field.name))
        for field in attrs.fields(kind)
    ]


def _parameter(
    field: "attrs.Attribute[Any]",
    hint: Any,  # noqa: ANN401  a type expression has no type
    creator: SchemaCreator,
    *,
    example: object,
) -> Parameter:
    made = creator.for_field_definition(FieldDefinition.from_annotation(hint))
    return Parameter(
        name=field.name,
        param_in="query",
        required=field.default is attrs.NOTHING,
        description=field.metadata.get("description"),
        example=example,
        schema=_inline(made, creator),
    )


def _inline(made: Schema | Reference, creator: SchemaCreator) -> Schema:
    # An enum comes as a reference into a registry that is not the document's.
    if isinstance(made, Reference):
        return creator.schema_registry.from_reference(made).schema
    if made.one_of:
        made.one_of = [_inline(one, creator) for one in made.one_of]
    if made.items is not None:
        made.items = _inline(made.items, creator)
    return made


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        parts = [part.partition("=") for part in query.decode("ascii").split("&") if part]
        if len(parts) <= _MOST_PARAMETERS:
            return [(_decoded(name), _decoded(value)) for name, _, value in parts]
    except UnicodeDecodeError:
        pass  # the same fault as too many
    fault = FieldFault(field="query", code="bad_format", message="must be a UTF-8 query")
    raise InvalidInputError((fault,))


def _decoded(text: str) -> str:
    # Most names and values need no decoding, and parse_qsl takes three times as long.
    if "%" not in text and "+" not in text:
        return text
    return unquote_plus(text, errors="strict")
