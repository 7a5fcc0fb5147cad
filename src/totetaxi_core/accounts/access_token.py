"""The short-lived token that says who calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from totetaxi_core.refusal import DomainError

LIFETIME: Final = timedelta(hours=1)


class Audience(StrEnum):
    STAFF = "staff"
    CUSTOMER = "customer"


class InvalidTokenError(DomainError):
    """A token is missing, forged, expired or ended: log in again. Which of them is not told."""

    code = "invalid_token"

    def __init__(self) -> None:
        super().__init__("the token is not valid: log in again")


class WrongAudienceError(DomainError):
    """The token is good, for others than these."""

    code = "wrong_audience"

    def __init__(self) -> None:
        super().__init__("this login is not for here")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """`version` is the account's when it logged in: a newer one ends every token."""

    audience: Audience
    account_id: UUID
    session_id: UUID
    version: int


class AccessTokens(Protocol):
    """Signs and reads access tokens, of any audience."""

    def issue(self, claims: AccessClaims, *, at: datetime) -> str:
        """Return a token good for `LIFETIME` from the instant `at`."""
        ...

    def read(self, token: str, *, at: datetime) -> AccessClaims:
        """Return what a token of ours claims.

        Raises:
            InvalidTokenError: it is not ours, altered, or expired by the instant `at`.
        """
        ...
