"""The manage token: what lets a guest see and pay their booking without an account."""

from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.signed_id import SignedIds

PURPOSE = "manage-token"


class ManageTokenError(DomainError):
    """The manage token is missing, or is not ours for this booking."""

    code = "invalid_manage_token"


class ManageTokens:
    """Derives each booking's token from the secret, so that none is ever stored."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        self._signed = SignedIds(secret, purpose=PURPOSE, previous_secret=previous_secret)

    def token(self, booking_id: UUID) -> str:
        return self._signed.token(booking_id)

    def booking_id(self, token: str) -> UUID:
        """Return whose token this is.

        Raises:
            ManageTokenError: it is not one of ours.
        """
        booking_id = self._signed.id_of(token)
        if booking_id is None:
            raise ManageTokenError("this manage token is not ours")
        return booking_id

    def check(self, token: str | None, booking_id: UUID) -> None:
        """Refuse a token that is not this booking's.

        Raises:
            ManageTokenError: it is missing, or another's.
        """
        if token is None or self.booking_id(token) != booking_id:
            raise ManageTokenError("this needs the booking's manage token")
