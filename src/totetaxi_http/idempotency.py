"""The Idempotency-Key header: whose it is, and for which body."""

import json
from hashlib import sha256
from typing import Any

from litestar import Request
from litestar.datastructures import ResponseHeader
from litestar.openapi.spec import Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.refusal import FieldFault, InvalidInputError

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
REPLAYED = {"Idempotency-Replayed": "true"}
REPLAYED_HEADER = ResponseHeader(
    name="Idempotency-Replayed",
    documentation_only=True,
    description="`true` when the key was used before: this is the same booking.",
)
KEY = Parameter(
    name=HEADER,
    param_in="header",
    required=False,
    description="Any text of your own for this request. Sent again with the same body within"
    " 24 h it answers with the same booking; with another body it is refused. While a booking is"
    " made, and for up to 60 s after one that was cut off (503 `shutting_down`), the answer is 409"
    " `idempotency_in_progress`: ask again.",
    example="5b0c8c0e-6a5f-4d0e-8a35-0f4b7f8a2c11",
    schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=MAX_LENGTH),
)


async def idempotency_key(
    request: Request[Any, Any, Any], *, route: str, caller: str
) -> IdempotencyKey | None:
    """Return the request's key, scoped to the route and its caller; None without the header.

    Raises:
        InvalidInputError: the key is not 1 to 255 printable ASCII characters.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_LENGTH and key.isascii() and key.isprintable()):
        message = f"must be 1 to {MAX_LENGTH} printable characters"
        raise InvalidInputError([FieldFault(field=HEADER, code="bad_format", message=message)])
    body = json.dumps(json.loads(await request.body()), sort_keys=True)
    return IdempotencyKey(
        scope=f"{route}:{caller}", key=key, body_hash=sha256(body.encode()).hexdigest()
    )
