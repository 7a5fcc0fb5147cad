"""Files in a folder of this machine, for its own user alone."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from totetaxi_core.documents.file_store import (
    FileStoreUnavailableError,
    StoredFileNotFoundError,
    require_key,
)

PIECE_BYTES: Final = 64 * 1_024
PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
PART: Final = "~"
"""Ends the name of a file until it is whole; no key has one."""


class LocalFileStore:
    """A file is at its key below the folder, whole or not at all; the folder is made when needed.

    A writer that is killed leaves `<key>~`, which removing the key removes as well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        del content_type, file_name  # both are in the row that names the key
        await asyncio.to_thread(_write, self.folder, require_key(key), content)

    async def read(self, key: str) -> bytes:
        return await asyncio.to_thread(_read, self._path(key))

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        path = self._path(key)
        await asyncio.to_thread(_require_file, path)
        return _pieces(path)

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(_delete, self._path(key))

    async def signed_url(self, key: str, *, lifetime: timedelta) -> str | None:  # noqa: ARG002  the port's
        return None

    def _path(self, key: str) -> Path:
        return self.folder / require_key(key)


@contextmanager
def _failures() -> Iterator[None]:
    """Turn what the disk says into what the core has a word for.

    Raises:
        StoredFileNotFoundError: there is no such file.
        FileStoreUnavailableError: it is full, not ours, or broken.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise StoredFileNotFoundError from error
    except OSError as error:
        raise FileStoreUnavailableError(type(error).__name__) from error


def _write(folder: Path, key: str, content: bytes) -> None:
    path = folder / key
    part = _part_of(path)
    with _failures():
        _make_private(folder)
        for parent in reversed(path.relative_to(folder).parents[:-1]):
            _make_private(folder / parent)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)


def _make_private(folder: Path) -> None:
    """Make the folder, and have its name on disk before anything in it."""
    if not folder.is_dir():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    with _failures():
        return path.read_bytes()


def _require_file(path: Path) -> None:
    with _failures():
        path.stat()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(_open, path)
    try:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
    finally:
        file.close()


def _open(path: Path) -> BinaryIO:
    with _failures():
        return path.open("rb")


def _delete(path: Path) -> None:
    with _failures(), suppress(FileNotFoundError):
        _part_of(path).unlink(missing_ok=True)
        path.unlink()
        _sync_folder(path.parent)


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + PART)
