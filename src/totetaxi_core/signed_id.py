"""Tokens that are an id and our signature of it: they are derived anew, never stored."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from uuid import UUID

from totetaxi_core.signature import Signer


class SignedIds:
    """Tokens of one purpose; those of another, or of a stranger, are nobody's."""

    def __init__(self, secret: str, *, purpose: str, previous_secret: str | None = None) -> None:
        self._signer = Signer(secret, purpose=purpose, previous_secret=previous_secret)

    def token(self, of_id: UUID) -> str:
        name = urlsafe_b64encode(of_id.bytes).decode().rstrip("=")
        return f"{name}.{self._signer.sign(name)}"

    def id_of(self, token: str) -> UUID | None:
        """Return the id of a token of ours, None if it is not one."""
        name, _, signature = token.partition(".")
        if not self._signer.is_ours(name, signature):
            return None
        try:
            return UUID(bytes=urlsafe_b64decode(name + "=="))
        except (Base64Error, ValueError):
            return None
