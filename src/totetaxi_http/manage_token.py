"""The X-Manage-Token header of a guest."""

from typing import Any

from litestar import Request

HEADER = "X-Manage-Token"
SECURITY: list[dict[str, list[str]]] = [{"manage_token": []}]


def manage_token_of(request: Request[Any, Any, Any]) -> str | None:
    """Return the header's value as sent, None when it is missing."""
    return request.headers.get(HEADER)
