"""Onfleet's answers, and its refusals."""

from http import HTTPStatus
from typing import Any, Final, TypeAlias
from uuid import uuid4

import attrs

Json: TypeAlias = dict[str, Any]

INVALID: Final = "The values of one or more parameters are invalid."
INVALID_CONTENT: Final = "InvalidContent"
GEOCODING: Final = 1011
INVALID_PHONE: Final = 1010
INVALID_TIME: Final = 1009
INVALID_WEBHOOK: Final = 1008
NOT_UNIQUE: Final = 1004
UNCHANGED: Final = 1002


@attrs.frozen
class Answer:
    """An HTTP status and the JSON that goes with it; None is an empty body."""

    status: int
    body: Any = None


class OnfleetRefusal(Exception):  # noqa: N818  a refusal is an answer here, not a fault of ours
    """An error answer. `cause` is a text, an object, or absent."""

    def __init__(
        self, status: int, code: str, error: int, message: str, *, cause: object = None
    ) -> None:
        super().__init__(f"{message} {cause}" if cause else message)
        told = {"error": error, "message": message, "cause": cause, "request": str(uuid4())}
        told["remoteAddress"] = "127.0.0.1"
        if cause is None:
            del told["cause"]
        self.answer = Answer(status, {"code": code, "message": told})


def invalid(cause: object, *, error: int = 1000) -> OnfleetRefusal:
    """Refuse what was sent."""
    return OnfleetRefusal(
        HTTPStatus.BAD_REQUEST, INVALID_CONTENT, error, INVALID, cause=cause or None
    )


def not_unique(key: str, value: str) -> OnfleetRefusal:
    cause = {"type": "duplicateKey", "key": key, "value": value}
    return invalid(cause, error=NOT_UNIQUE)


def missing(cause: str) -> OnfleetRefusal:
    return OnfleetRefusal(
        HTTPStatus.NOT_FOUND,
        "ResourceNotFound",
        1402,
        "The requested resource does not exist.",
        cause=cause,
    )


def unauthorized(error: int, message: str) -> OnfleetRefusal:
    return OnfleetRefusal(HTTPStatus.UNAUTHORIZED, "InvalidCredentials", error, message)


def too_many() -> OnfleetRefusal:
    message = "Too many requests. Please wait before trying again."
    return OnfleetRefusal(HTTPStatus.TOO_MANY_REQUESTS, "TooManyRequests", 2300, message)


def broken() -> OnfleetRefusal:
    message = "An internal error has occurred."
    return OnfleetRefusal(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalError", 2500, message)
