"""attrs classes and the limits on their fields, in the OpenAPI document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, get_type_hints

import attrs
from litestar._openapi.schema_generation import SchemaCreator
from litestar.openapi.spec import Reference, Schema
from litestar.openapi.spec.base import BaseSchemaObject
from litestar.openapi.spec.enums import OpenAPIType
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from totetaxi_http.wire.constraints import ColonSeparated
from totetaxi_http.wire.converter import constraint_of


@dataclass
class ExampleValue(BaseSchemaObject):
    """An example as it is: Litestar leaves what is null out of any other mapping."""

    value: Mapping[str, Any]

    def to_schema(self) -> dict[str, Any]:
        """Return the value."""
        return dict(self.value)


class WireSchemas(OpenAPISchemaPlugin):
    """Describes attrs classes, their limited fields, and times as `09:30`.

    A class may carry `EXAMPLE`, a mapping shown with it; a field may carry `description`
    and `example` in its attrs metadata.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Say whether the type is an attrs class, limited, or a time."""
        kind = field_definition.annotation
        return kind is time or attrs.has(kind) or constraint_of(field_definition.raw) is not None

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """Describe the type."""
        if constraint_of(field_definition.raw) is not None:
            return _limited(field_definition, schema_creator)
        if field_definition.annotation is time:
            # Not the format "time", which has a zone.
            return Schema(
                type=OpenAPIType.STRING,
                pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
                examples=["09:30"],
            )
        return _object(field_definition, schema_creator)


def _limited(field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
    constraint = constraint_of(field_definition.raw)
    if isinstance(constraint, ColonSeparated):
        made: Schema | Reference = Schema(type=OpenAPIType.STRING)
    else:
        bare = FieldDefinition.from_annotation(field_definition.raw.__origin__)
        made = schema_creator.for_field_definition(bare)
    schema = made if isinstance(made, Schema) else Schema(all_of=[made])
    if constraint is not None:
        _set(schema, constraint.keywords())
    return schema


def _object(field_definition: FieldDefinition, schema_creator: SchemaCreator) -> Schema:
    kind: Any = field_definition.annotation
    hints = get_type_hints(kind, include_extras=True)
    fields = attrs.fields(kind)
    example = getattr(kind, "EXAMPLE", None)
    schema = schema_creator.create_component_schema(
        field_definition,
        required=sorted(field.name for field in fields if field.default is attrs.NOTHING),
        property_fields={
            field.name: FieldDefinition.from_annotation(hints[field.name]) for field in fields
        },
        examples=None if example is None else [ExampleValue(example)],
    )
    schema.additional_properties = getattr(kind, "MAY_HAVE_MORE", False)
    for field in fields:
        _describe(schema, field)
    return schema


def _describe(schema: Schema, field: "attrs.Attribute[Any]") -> None:
    described = (schema.properties or {})[field.name]
    if not isinstance(described, Schema):
        return
    metadata = field.metadata
    example = metadata.get("example")
    _set(
        described,
        {
            "description": metadata.get("description"),
            "examples": None if example is None else [example],
            "default": _json_default(field.default),
        },
    )


def _json_default(default: object) -> object:
    return default if isinstance(default, str | int | float | bool) else None


def _set(schema: Schema, keywords: Mapping[str, Any]) -> None:
    for name, value in keywords.items():
        if value is not None:
            setattr(schema, name, value)
