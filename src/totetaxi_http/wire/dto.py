"""Bodies into Litestar: `data: JSONBody[X]` is structured by cattrs for every attrs class X."""

from typing import Any, ClassVar

import attrs
from litestar._openapi.schema_generation import SchemaCreator
from litestar.dto import AbstractDTO
from litestar.exceptions import HTTPException
from litestar.openapi.spec import Reference, Schema
from litestar.plugins import SerializationPlugin
from litestar.typing import FieldDefinition

from totetaxi_http.wire.structuring import structure_body

_JSON = "application/json"


class UnsupportedMediaTypeError(HTTPException):
    """The body does not say it is JSON."""

    status_code = 415


class StructuredBody(AbstractDTO[Any]):
    """Decodes one handler's body; the subclass made for it names the type as `kind`."""

    kind: ClassVar[Any]

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401  the type is the handler's
        """Structure the body.

        Raises:
            UnsupportedMediaTypeError: its content type is not JSON.
            InvalidInputError: it is not JSON, or fields are bad.
        """
        media_type = self.asgi_connection.headers.get("content-type", "")
        if media_type != _JSON and media_type.partition(";")[0].strip().lower() != _JSON:
            raise UnsupportedMediaTypeError(detail=f"The body must be {_JSON}.")
        return structure_body(value, self.kind, state=self.asgi_connection.app.state)

    @classmethod
    def create_for_field_definition(cls, *_args: Any, **_options: Any) -> None:  # noqa: ANN401
        """Build no backend: cattrs does its work."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: SchemaCreator
    ) -> Reference | Schema:
        """Describe the attrs class itself."""
        del handler_id
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Decline answers: the response class encodes them."""
        del field_definition
        return False

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:  # noqa: ANN401
        """Yield nothing: the fields are cattrs' business."""
        del model_type
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Decline, for the same reason."""
        del field_definition
        return False


class StructuredBodies(SerializationPlugin):
    """Gives every handler whose body is an attrs class its `StructuredBody`."""

    def supports_type(self, field_definition: FieldDefinition) -> bool:
        """Say whether the type is an attrs class."""
        return attrs.has(field_definition.annotation)

    def create_dto_for_type(self, field_definition: FieldDefinition) -> type[AbstractDTO[Any]]:
        """Return the DTO of this handler's body type."""
        members = {"kind": field_definition.annotation}
        return type("StructuredBody", (StructuredBody,), members)
