"""The port to files, without a disk."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

from totetaxi_adapters.memory.outage import Outage, OutagePlan
from totetaxi_core.documents.file_store import (
    FileStoreUnavailableError,
    StoredFileNotFoundError,
    require_key,
)


class MemoryFileStore:
    """Files by key; the content type and name they were kept with are in `kinds`.

    `outages` says which calls get no answer.
    """

    def __init__(self) -> None:
        self.outages = OutagePlan()
        self.files: dict[str, bytes] = {}
        self.kinds: dict[str, tuple[str, str]] = {}

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        with self._answering(require_key(key)):
            self.files[key] = content
            self.kinds[key] = (content_type, file_name)

    async def read(self, key: str) -> bytes:
        """Return the file.

        Raises:
            StoredFileNotFoundError: there is none.
        """
        with self._answering(require_key(key)):
            if key not in self.files:
                raise StoredFileNotFoundError
            return self.files[key]

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Return the file in one piece.

        Raises:
            StoredFileNotFoundError: there is none.
        """
        return _piece(await self.read(key))

    async def delete(self, key: str) -> None:
        with self._answering(require_key(key)):
            self.files.pop(key, None)
            self.kinds.pop(key, None)

    async def signed_url(self, key: str, *, lifetime: timedelta) -> str | None:  # noqa: ARG002  the port's
        return None

    @contextmanager
    def _answering(self, key: str) -> Iterator[None]:
        """Do what is within, unless the plan says that the store is silent.

        Raises:
            FileStoreUnavailableError: it was silent, before or after it acted.
        """
        outage = self.outages.take()
        if outage is Outage.BEFORE_ACTING:
            raise FileStoreUnavailableError(f"no answer about {key}")
        yield
        if outage is Outage.AFTER_ACTING:
            raise FileStoreUnavailableError(f"no answer about {key}")


async def _piece(content: bytes) -> AsyncIterator[bytes]:
    yield content
