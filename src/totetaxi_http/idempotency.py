"""The Idempotency-Key header: whose it is, and for which body."""

import json
from hashlib import sha256
from typing import Any

from litestar import Request

from totetaxi_core.bookings.repositories import IdempotencyKey
from totetaxi_core.refusal import FieldFault, InvalidInputError

HEADER = "Idempotency-Key"
MAX_LENGTH = 255
REPLAYED = {"Idempotency-Replayed": "true"}


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
