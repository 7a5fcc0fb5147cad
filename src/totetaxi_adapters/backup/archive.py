"""The file of a backup: a tar with the manifest and the dump, readable without us.

`tar xf FILE` and `pg_restore` are enough to get at it by hand.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Final

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError

from totetaxi_adapters.backup.contents import Contents
from totetaxi_adapters.backup.errors import BackupBrokenError, BackupExistsError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
CHUNK: Final = 1 << 20
OWNER_ONLY: Final = 0o600  # it holds every customer
MEMBERS: Final = 8  # ours are two, and come first
MANIFEST_BYTES: Final = 16 << 20  # a table takes about 100
PLAIN: Final = (tarfile.REGTYPE, tarfile.AREGTYPE)
# What reading a damaged or hostile file raises: endless nesting and impossible sizes too.
UNREADABLE: Final = (
    tarfile.TarError,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    ValueError,
)
UNLIKE_OURS: Final = (AttributeError, TypeError, BaseValidationError, ForbiddenExtraKeysError)
_CONVERTER: Final = Converter(forbid_extra_keys=True, detailed_validation=False)
_CONVERTER.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
_CONVERTER.register_unstructure_hook(datetime, datetime.isoformat)


@attrs.frozen(kw_only=True)
class Manifest:
    """What is in the file. `dump_sha256` is in hexadecimal, `postgres_major` that of the server."""

    format: int
    made_at: datetime
    totetaxi_version: str
    postgres_major: int
    dump_bytes: int
    dump_sha256: str
    contents: Contents


def write_archive(path: Path, manifest: Manifest, dump: Path) -> None:
    """Write the whole file, or none.

    Raises:
        BackupExistsError: something of this name is there.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        _write(part, manifest, dump)
        _give_name(part, path)
    except FileExistsError:
        raise BackupExistsError(path) from None
    finally:
        part.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """Return what the file says it holds; the dump is not looked at.

    Raises:
        BackupBrokenError: it is no backup of ours, or of a newer version.
    """
    with _member_of(path, MANIFEST, most_bytes=MANIFEST_BYTES) as source:
        try:
            told = json.load(source)
            if told.get("format") != FORMAT:
                found = told.get("format")
                raise BackupBrokenError(f"{path} has format {found}, this version reads {FORMAT}")
            return _CONVERTER.structure(told, Manifest)
        except (*UNREADABLE, *UNLIKE_OURS) as error:
            raise BackupBrokenError(f"{path} has no manifest that can be read") from error


@contextmanager
def opened_dump(path: Path, manifest: Manifest, *, folder: Path) -> Iterator[Path]:
    """Give the dump as a file of its own in the folder, for as long as it is open.

    Raises:
        BackupBrokenError: it is not as it was written.
    """
    dump = folder / DUMP
    dump.touch(OWNER_ONLY)
    try:
        most_bytes = manifest.dump_bytes
        with _member_of(path, DUMP, most_bytes=most_bytes) as source, dump.open("wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        if digest_of(dump) != manifest.dump_sha256:
            raise BackupBrokenError(f"{path} is not as it was written: its digest differs")
        yield dump
    finally:
        dump.unlink()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(part: Path, manifest: Manifest, dump: Path) -> None:
    part.unlink(missing_ok=True)  # of a run that was killed
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(part, flags, OWNER_ONLY), "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar, dump.open("rb") as source:
            written = json.dumps(_CONVERTER.unstructure(manifest), indent=1).encode()
            tar.addfile(_member(MANIFEST, len(written), manifest), io.BytesIO(written))
            tar.addfile(_member(DUMP, manifest.dump_bytes, manifest), source)
        file.flush()
        os.fsync(file.fileno())


def _give_name(part: Path, path: Path) -> None:
    """Have the whole file under its name, whatever the file system can do.

    Raises:
        FileExistsError: something of this name is there.
    """
    try:
        path.hardlink_to(part)  # unlike a rename it never replaces
    except FileExistsError:
        raise
    except OSError:  # exFAT and some mounts know no links: take the name, then replace our own
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        try:
            part.replace(path)
        except BaseException:
            path.unlink()
            raise


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, OWNER_ONLY
    member.mtime = int(manifest.made_at.astimezone(UTC).timestamp())
    return member


@contextmanager
def _member_of(path: Path, name: str, *, most_bytes: int) -> Iterator[IO[bytes]]:
    """Open what the archive holds by this name.

    Raises:
        BackupBrokenError: no plain file of at most so many bytes does.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield _plain(tar, name, most_bytes=most_bytes)
    except UNREADABLE as error:
        raise BackupBrokenError(f"{path} is no whole backup: {_last_word(error)}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place no file can have
            raise
        raise BackupBrokenError(f"{path} is no whole backup: {_last_word(error)}") from error


def _plain(tar: tarfile.TarFile, name: str, *, most_bytes: int) -> IO[bytes]:
    """Return a member that is no link, and no file with holes, larger than any disk."""
    member = next((one for one in islice(tar, MEMBERS) if one.name == name), None)
    if member is None:
        raise tarfile.ReadError(f"there is no {name} in it")
    source = tar.extractfile(member) if member.type in PLAIN else None
    if source is None or member.issparse() or member.size > most_bytes:
        raise tarfile.ReadError(f"{name} is not as we write it")
    return source


def _last_word(error: Exception) -> str:
    return str(error) or type(error).__name__
