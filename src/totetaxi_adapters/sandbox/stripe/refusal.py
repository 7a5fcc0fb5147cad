"""Stripe's error answers."""

from typing import Any, Final, TypeAlias

import attrs

Json: TypeAlias = dict[str, Any]

BAD_REQUEST: Final = 400
UNAUTHORIZED: Final = 401
PAYMENT_REQUIRED: Final = 402
NOT_FOUND: Final = 404
CONFLICT: Final = 409
TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500


@attrs.frozen
class Answer:
    """An HTTP status and the JSON that goes with it."""

    status: int
    body: Json


class StripeRefusal(Exception):  # noqa: N818  a refusal is an answer here, not a fault of ours
    """An error answer.

    `kept` marks one that came after execution began: it is repeated to the same idempotency key.
    """

    def __init__(self, status: int, error: Json, *, kept: bool) -> None:
        super().__init__(error.get("message"))
        self.answer = Answer(status, {"error": error})
        self.kept = kept


def invalid_request(
    message: str, *, code: str | None = None, param: str | None = None, status: int = BAD_REQUEST
) -> StripeRefusal:
    """Refuse the parameters; nothing has been executed."""
    return StripeRefusal(status, _error(message, code=code, param=param), kept=False)


def state_refused(
    message: str, *, code: str | None = None, param: str | None = None, **facts: object
) -> StripeRefusal:
    """Refuse a sound request because of how things stand."""
    error = _error(message, code=code, param=param) | facts
    return StripeRefusal(BAD_REQUEST, error, kept=True)


def missing(kind: str, object_id: str, *, param: str) -> StripeRefusal:
    noun = kind.replace("_", " ")
    message = f"No such {noun}: '{object_id}'"
    error = _error(message, code="resource_missing", param=param)
    return StripeRefusal(NOT_FOUND, error, kept=True)


def unauthorized(message: str) -> StripeRefusal:
    return StripeRefusal(UNAUTHORIZED, _error(message, code=None, param=None), kept=False)


def key_in_use(key: str) -> StripeRefusal:
    error = {
        "type": "idempotency_error",
        "code": "idempotency_key_in_use",
        "message": f"There is currently another in-progress request using this key: {key}",
    }
    return StripeRefusal(CONFLICT, error, kept=False)


def key_reused(key: str) -> StripeRefusal:
    error = {
        "type": "idempotency_error",
        "message": "Keys for idempotent requests can only be used with the same parameters they"
        f" were first used with. Try using a key other than '{key}'.",
    }
    return StripeRefusal(BAD_REQUEST, error, kept=False)


def _error(message: str, *, code: str | None, param: str | None) -> Json:
    facts = {"type": "invalid_request_error", "message": message, "code": code, "param": param}
    return {name: value for name, value in facts.items() if value is not None}
