"""Query strings: one attrs class is the parameters, their checks and their documentation.

@get("/availability", dependencies={"asked": query_of(AvailabilityQuery)})
async def availability(asked: FromQueryClass[AvailabilityQuery]) -> ...
"""

from typing import Annotated, Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl

import attrs
from litestar import Request
from litestar._openapi.schema_generation import SchemaCreator
from litestar.di import Dependency, Provide
from litestar.openapi.spec import Parameter, Reference, Schema
from litestar.params import SkipValidationMarker
from litestar.typing import FieldDefinition

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.wire.schema import WireSchemas
from totetaxi_http.wire.structuring import list_fields, structure_query

T = TypeVar("T")
FromQueryClass = Annotated[T, Dependency(kind="named"), SkipValidationMarker()]
"""Marks the handler's parameter that `query_of` fills."""

_MOST_PARAMETERS = 200


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


def parameters_of(kind: type[Any]) -> list[Parameter]:
    """Return the fields of `kind` as OpenAPI query parameters."""
    creator = SchemaCreator(plugins=[WireSchemas()])
    hints = get_type_hints(kind, include_extras=True)
    return [_parameter(field, hints[field.name], creator) for field in attrs.fields(kind)]


def _parameter(field: "attrs.Attribute[Any]", hint: Any, creator: SchemaCreator) -> Parameter:  # noqa: ANN401
    made = creator.for_field_definition(FieldDefinition.from_annotation(hint))
    return Parameter(
        name=field.name,
        param_in="query",
        required=field.default is attrs.NOTHING,
        description=field.metadata.get("description"),
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
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:  # wrong encoding (UnicodeDecodeError is one), or too many
        fault = FieldFault(field="query", code="bad_format", message="must be a UTF-8 query")
        raise InvalidInputError((fault,)) from error
