"""The manage token: what lets a guest see and pay their booking without an account."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from uuid import UUID

from totetaxi_core.refusal import DomainError
from totetaxi_core.signature import Signer

PURPOSE = "manage-token"


class ManageTokenError(DomainError):
    """The manage token is missing, or is not ours for this booking."""

    code = "invalid_manage_token"


class ManageTokens:
    """Derives each booking's token from the secret, so that none is ever stored."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        self._signer = Signer(secret, purpose=PURPOSE, previous_secret=previous_secret)

    def token(self, booking_id: UUID) -> str:
        name = urlsafe_b64encode(booking_id.bytes).decode().rstrip("=")
        return f"{name}.{self._signer.sign(name)}"

    def booking_id(self, token: str) -> UUID:
        """Return whose token this is.

        Raises:
            ManageTokenError: it is not one of ours.
        """
        name, _, signature = token.partition(".")
        try:
            if self._signer.is_ours(name, signature):
                return UUID(bytes=urlsafe_b64decode(name + "=="))
        except (Base64Error, ValueError) as error:
            raise ManageTokenError("this manage token is not ours") from error
        raise ManageTokenError("this manage token is not ours")

    def check(self, token: str | None, booking_id: UUID) -> None:
        """Refuse a token that is not this booking's.

        Raises:
            ManageTokenError: it is missing, or another's.
        """
        if token is None or self.booking_id(token) != booking_id:
            raise ManageTokenError("this needs the booking's manage token")
