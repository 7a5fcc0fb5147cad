"""The file of a backup: a tar with the manifest and the dump, readable without us.

`tar xf FILE` and `pg_restore` are enough to get at it by hand.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError

from totetaxi_adapters.backup.contents import Contents
from totetaxi_adapters.backup.errors import BackupBrokenError, BackupExistsError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DUMP: Final = "database.dump"
CHUNK: Final = 1 << 20
OWNER_ONLY: Final = 0o600  # it holds every customer
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
        path.hardlink_to(part)  # unlike a rename it never replaces
    except FileExistsError:
        raise BackupExistsError(path) from None
    finally:
        part.unlink(missing_ok=True)


def read_manifest(path: Path) -> Manifest:
    """Return what the file says it holds; the dump is not looked at.

    Raises:
        BackupBrokenError: it is no backup of ours, or of a newer version.
    """
    with _member_of(path, MANIFEST) as source:
        try:
            told = json.load(source)
            if told.get("format") != FORMAT:
                found = told.get("format")
                raise BackupBrokenError(f"{path} has format {found}, this version reads {FORMAT}")
            return _CONVERTER.structure(told, Manifest)
        except (ValueError, KeyError, TypeError, AttributeError, BaseValidationError) as error:
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
        with _member_of(path, DUMP) as source, dump.open("wb") as target:
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


def _member(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, OWNER_ONLY
    member.mtime = int(manifest.made_at.astimezone(UTC).timestamp())
    return member


@contextmanager
def _member_of(path: Path, name: str) -> Iterator[IO[bytes]]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            source = tar.extractfile(tar.getmember(name))
            yield source or io.BytesIO()  # none for a folder of that name
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise BackupBrokenError(f"{path} is no whole backup: {error}") from error
