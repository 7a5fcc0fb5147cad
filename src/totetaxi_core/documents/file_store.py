"""The port to where files are kept."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final, Protocol

from totetaxi_core.refusal import DomainError

_KEY: Final = re.compile(r"[a-z0-9]+(?:[/._-][a-z0-9]+)*")
LONGEST_KEY: Final = 200


class StoredFileNotFoundError(DomainError):
    """No file is kept under this key."""

    code = "file_not_found"

    def __init__(self) -> None:
        super().__init__("the file is not where it was kept")


class FileStoreUnavailableError(DomainError):
    """The store does not answer; the file may or may not be kept."""

    code = "file_store_unavailable"

    def __init__(self, why: str) -> None:
        super().__init__(f"files cannot be reached just now ({why})")


class FileStore(Protocol):
    """Keeps files by key, privately.

    A key is lower-case words with `/`, `.`, `_` or `-` between them; any other is a ValueError.
    Every method may raise FileStoreUnavailableError, and is never called inside a transaction.
    None takes longer than a few minutes.
    """

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        """Keep the file; the same key again replaces it. A download is called `file_name`."""
        ...

    async def read(self, key: str) -> bytes:
        """Return the file.

        Raises:
            StoredFileNotFoundError: there is none.
        """
        ...

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Return the file in pieces.

        Raises:
            StoredFileNotFoundError: there is none; before the first piece.
        """
        ...

    async def delete(self, key: str) -> None:
        """Remove the file; one that is gone is fine."""
        ...

    async def signed_url(self, key: str, *, lifetime: timedelta) -> str | None:
        """Return a link that downloads it without a login; None where there are none."""
        ...


def require_key(key: str) -> str:
    """Return the key.

    Raises:
        ValueError: it could lead out of the store, or to something hidden in it.
    """
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        raise ValueError(f"not the key of a file: {key!r}")
    return key
