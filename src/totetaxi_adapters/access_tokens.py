"""Access tokens as JWTs, signed with HS256."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt

from totetaxi_core.accounts.access_token import (
    LIFETIME,
    AccessClaims,
    Audience,
    InvalidTokenError,
)

ALGORITHM = "HS256"
PURPOSE = b"access token"
LONGEST = 1_024
CLAIMS = ("aud", "sub", "sid", "ver", "iat", "exp")


class JwtAccessTokens:
    """The key is derived from the secret for this alone; the former secret is still accepted."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        secrets = [secret] + ([previous_secret] if previous_secret else [])
        self._keys = [hmac.digest(text.encode(), PURPOSE, sha256) for text in secrets]

    def issue(self, claims: AccessClaims, *, at: datetime) -> str:
        payload = {
            "aud": claims.audience.value,
            "sub": str(claims.account_id),
            "sid": str(claims.session_id),
            "ver": claims.version,
            "iat": int(at.timestamp()),
            "exp": int((at + LIFETIME).timestamp()),
        }
        return jwt.encode(payload, self._keys[0], algorithm=ALGORITHM)

    def read(self, token: str, *, at: datetime) -> AccessClaims:
        """Return what a token of ours claims.

        Raises:
            InvalidTokenError: it is not ours, altered, or expired by the instant `at`.
        """
        payload = self._verified(token)
        try:
            expires_at = datetime.fromtimestamp(payload["exp"], UTC)
            claims = AccessClaims(
                audience=Audience(payload["aud"]),
                account_id=UUID(payload["sub"]),
                session_id=UUID(payload["sid"]),
                version=int(payload["ver"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InvalidTokenError from error
        if at >= expires_at:
            raise InvalidTokenError
        return claims

    def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST or not token.isascii():
            raise InvalidTokenError
        for key in self._keys:
            try:
                # Its times are judged by the house's clock, in `read`; PyJWT knows the machine's.
                return jwt.decode(
                    token,
                    key,
                    algorithms=[ALGORITHM],
                    audience=list(Audience),
                    options={"require": list(CLAIMS), "verify_exp": False, "verify_iat": False},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError as error:
                raise InvalidTokenError from error
        raise InvalidTokenError
