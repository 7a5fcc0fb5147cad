"""Answers: attrs classes out as JSON bytes."""

from typing import Any, TypeVar

from litestar import Response
from litestar.serialization import default_serializer
from litestar.types import Serializer

from totetaxi_http.wire.converter import json_bytes

T = TypeVar("T")
_JSON = ("/json", "+json")


class WireResponse(Response[T]):
    """Litestar's response with our JSON: field order kept, instants with Z, times `09:30`.

    A handler that needs a status or headers of its own returns this, never `Response`.
    """

    def render(
        self,
        content: Any,  # noqa: ANN401  whatever a handler returns
        media_type: str,
        enc_hook: Serializer = default_serializer,
    ) -> bytes:
        """Return `content` as bytes."""
        if media_type.endswith(_JSON) and not isinstance(content, bytes):
            return json_bytes(content)
        return super().render(content, media_type, enc_hook)
