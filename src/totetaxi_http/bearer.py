"""The access token of a request."""

from typing import Any, Final

from litestar.connection import ASGIConnection

from totetaxi_core.accounts.access_token import InvalidTokenError

BEARER: Final[list[dict[str, list[str]]]] = [{"bearer": []}]
"""How an operation says that it wants one."""

Connection = ASGIConnection[Any, Any, Any, Any]


def is_question(connection: Connection) -> bool:
    """Tell whether it only asks which methods there are: Litestar answers that for every path."""
    return connection.scope.get("method") == "OPTIONS"


def bearer_token(connection: Connection) -> str:
    """Return the token of the Authorization header, whatever it is worth.

    Raises:
        InvalidTokenError: the header is missing, or of another scheme.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidTokenError
    return token.strip()
