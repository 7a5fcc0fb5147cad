"""What a mail to a customer proves: that who comes back with it can read that mailbox."""

from enum import StrEnum
from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.signed_id import SignedIds


class TokenPurpose(StrEnum):
    VERIFY = "verify"
    RESET = "reset"


class AccountTokenError(DomainError):
    """A token from a mail is not ours, for something else, used, or too old; which is not told."""

    code = "invalid_account_token"
    field = "token"

    def __init__(self) -> None:
        super().__init__("this link is not valid any more: ask for a new one")


class AccountTokens:
    """Derives each token from the secret, for one purpose alone, so that none is ever stored."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        self._signed = {
            purpose: SignedIds(
                secret, purpose=f"account-token:{purpose}", previous_secret=previous_secret
            )
            for purpose in TokenPurpose
        }

    def token(self, purpose: TokenPurpose, of_id: UUID) -> str:
        """Return the token of a registration, or of a password reset."""
        return self._signed[purpose].token(of_id)

    def id_of(self, purpose: TokenPurpose, token: str) -> UUID:
        """Return what this is the token of; whether that still stands, its row knows.

        Raises:
            AccountTokenError: it is not one of ours for this purpose.
        """
        of_id = self._signed[purpose].id_of(token)
        if of_id is None:
            raise AccountTokenError
        return of_id
