"""A login that lasts: its refresh token changes at every use, and an old one ends it."""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.accounts.access_token import AccessClaims, Audience, InvalidTokenError

LIFETIME: Final = timedelta(days=7)
_SECRET_BYTES: Final = 32
_ID_DIGITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The family of refresh tokens of one login; only the hash of the latest is kept."""

    id: UUID
    audience: Audience
    account_id: UUID
    account_version: int
    refresh_hash: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    @classmethod
    def begin(cls, claims: AccessClaims, *, at: datetime) -> tuple[Self, str]:
        """Return the session of a login, and its first refresh token."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        session = cls(
            id=claims.session_id,
            audience=claims.audience,
            account_id=claims.account_id,
            account_version=claims.version,
            refresh_hash=_hash(secret),
            created_at=at,
            expires_at=at + LIFETIME,
        )
        return session, f"{session.id.hex}.{secret}"

    def is_live(self, *, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at

    def has_latest(self, refresh_token: str) -> bool:
        """Tell in constant time whether this is the token given last."""
        secret = refresh_token.partition(".")[2]
        return hmac.compare_digest(_hash(secret), self.refresh_hash)

    def rotate(self, *, at: datetime) -> tuple[Self, str]:
        """Return the session, 7 days ahead again, and the token that is good from now on."""
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        rotated = replace(self, refresh_hash=_hash(secret), expires_at=at + LIFETIME)
        return rotated, f"{self.id.hex}.{secret}"

    def end(self, *, at: datetime) -> Self:
        return replace(self, ended_at=self.ended_at or at)

    def claims(self) -> AccessClaims:
        """Return what its access tokens say."""
        return AccessClaims(
            audience=self.audience,
            account_id=self.account_id,
            session_id=self.id,
            version=self.account_version,
        )


def session_id_of(refresh_token: str) -> UUID:
    """Return whose refresh token it says it is.

    Raises:
        InvalidTokenError: it says nothing.
    """
    name, _, secret = refresh_token.partition(".")
    if not (secret and name.isascii() and len(name) == _ID_DIGITS):
        raise InvalidTokenError
    try:
        return UUID(hex=name)
    except ValueError:
        raise InvalidTokenError from None


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Sessions(Protocol):
    """Every login that lasts."""

    async def add(self, session: Session) -> None: ...

    async def save(self, session: Session) -> None: ...

    async def find(self, session_id: UUID, *, lock: bool = False) -> Session | None:
        """Return the session, None where there is none; `lock` as for bookings."""
        ...

    async def forget_expired(self, account_id: UUID, *, at: datetime) -> None:
        """Remove those of an account that are over."""
        ...
