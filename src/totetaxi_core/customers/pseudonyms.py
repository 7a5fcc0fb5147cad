"""What stands for an e-mail address once its owner's data are erased.

Docs: docs/adr/0012-what-a-deleted-account-leaves.md
"""

from typing import Final

from totetaxi_core.signature import Signer

PURPOSE: Final = "erased-email"
_PREFIX: Final = "erased:"


class Pseudonyms:
    """Keyed hashes: without the secret nobody can tell which address one was made from."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, purpose=PURPOSE)

    def of(self, email_key: str) -> str:
        """Return the same text for the same address; it is no address itself."""
        return f"{_PREFIX}{self._signer.sign(email_key.strip().lower())}"
