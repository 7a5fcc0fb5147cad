"""Signs small texts so that we know our own again."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256


class Signer:
    """HMAC-SHA256 under a key derived for one purpose; the previous secret is still accepted."""

    def __init__(self, secret: str, *, purpose: str, previous_secret: str | None = None) -> None:
        secrets = [secret] + ([previous_secret] if previous_secret else [])
        self._keys = [hmac.digest(text.encode(), purpose.encode(), sha256) for text in secrets]

    def sign(self, text: str) -> str:
        return _signature(self._keys[0], text)

    def is_ours(self, text: str, signature: str) -> bool:
        """Tell in constant time whether the signature is ours."""
        given = signature.encode("utf-8", "surrogatepass")
        return any(hmac.compare_digest(_signature(key, text).encode(), given) for key in self._keys)


def _signature(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")
