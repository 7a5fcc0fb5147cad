"""The file of a backup: written whole or not at all; one that is not ours is refused."""

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from totetaxi_adapters.backup.archive import (
    DUMP,
    FORMAT,
    MANIFEST,
    MANIFEST_BYTES,
    Manifest,
    opened_dump,
    read_manifest,
    write_archive,
)
from totetaxi_adapters.backup.contents import Contents
from totetaxi_adapters.backup.errors import BackupBrokenError, BackupExistsError

ROWS: Final = b"rows and rows"
SOUND: Final = Manifest(
    format=FORMAT,
    made_at=datetime(2026, 11, 22, 7, tzinfo=UTC),
    totetaxi_version="0.1.0",
    postgres_major=18,
    dump_bytes=len(ROWS),
    dump_sha256=hashlib.sha256(ROWS).hexdigest(),
    contents=Contents(migration=None, tables={}, ledger_cents={}, acts_head=None),
)
ENDLESS: Final = 1 << 62


def read_all(path: Path) -> bytes:
    with opened_dump(path, read_manifest(path), folder=path.parent) as dump:
        return dump.read_bytes()


def member(name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Return a file of an archive, its header and its content."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, name
    padding = b"\0" * (-len(content) % tarfile.BLOCKSIZE)
    return info.tobuf(tarfile.GNU_FORMAT) + content + padding


def header(name: str, size: int, *, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT) + b"\0" * tarfile.BLOCKSIZE


def full_of_holes() -> bytes:
    """Return a file that takes one block, and says it is larger than any disk."""
    block = bytearray(header(MANIFEST, 0, kind=tarfile.GNUTYPE_SPARSE))
    block[483:495] = b"\x80" + ENDLESS.to_bytes(11, "big")  # its real size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[: tarfile.BLOCKSIZE])
    return bytes(block)


def stated(**facts: object) -> bytes:
    """Return an archive whose manifest is sound but for these."""
    sound = {
        "format": FORMAT,
        "made_at": "2026-11-22T07:00:00+00:00",
        "totetaxi_version": "0.1.0",
        "postgres_major": 18,
        "dump_bytes": 1,
        "dump_sha256": "00",
        "contents": {"migration": None, "tables": {}, "ledger_cents": {}, "acts_head": None},
    }
    return member(MANIFEST, json.dumps({**sound, **facts}).encode())


HOSTILE: Final = {
    "nested": member(MANIFEST, b"[" * 100_000 + b"]" * 100_000),
    "no object": member(MANIFEST, b"[]"),
    "endless number": member(MANIFEST, b'{"format":' + b"9" * 10_000 + b"}"),
    "infinity": stated(postgres_major=float("inf")),
    "another field": stated(more=1),
    "no text": member(MANIFEST, b"\xff\xfe\x00"),
    "too large": member(MANIFEST, b" " * (MANIFEST_BYTES + 1)),
    "larger than any disk": header(MANIFEST, ENDLESS),
    "far behind the end": header("first", ENDLESS),
    "link to itself": member(MANIFEST, kind=tarfile.SYMTYPE),
    "folder": member(MANIFEST, kind=tarfile.DIRTYPE),
    "holes": full_of_holes(),
    "endless extension": header("x", ENDLESS, kind=tarfile.XHDTYPE),
    "chain of extensions": header("x", 0, kind=tarfile.XHDTYPE)[: tarfile.BLOCKSIZE] * 5_000,
    "many files": b"".join(member(f"{number}") for number in range(100)) + stated(),
    "nothing else": member("other", b"1"),
}


@pytest.mark.parametrize("archive", HOSTILE.values(), ids=HOSTILE)
def test_given_a_hostile_file_when_its_manifest_is_read_then_it_is_refused(
    tmp_path: Path, archive: bytes
) -> None:
    path = tmp_path / "hostile.tar"
    path.write_bytes(archive + b"\0" * tarfile.RECORDSIZE)

    with pytest.raises(BackupBrokenError) as refused:
        read_manifest(path)

    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    "dump",
    [
        member(DUMP, kind=tarfile.SYMTYPE),
        member(DUMP, b"more than the manifest says"),
        member(DUMP, b"m"),
        b"",
    ],
)
def test_given_a_dump_unlike_its_manifest_when_opened_then_it_is_refused_and_no_copy_left(
    tmp_path: Path, dump: bytes
) -> None:
    path = tmp_path / "hostile.tar"
    path.write_bytes(stated() + dump + b"\0" * tarfile.RECORDSIZE)

    with pytest.raises(BackupBrokenError):
        read_all(path)

    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "rows"
    path.write_bytes(ROWS)
    return path


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the file system be one without links."""

    def refused(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(self), str(target))

    monkeypatch.setattr(Path, "hardlink_to", refused)


@pytest.mark.usefixtures("no_links")
def test_given_a_file_system_without_links_when_written_then_the_file_is_whole_and_alone(
    tmp_path: Path, dump: Path
) -> None:
    path = tmp_path / "kept.tar"

    write_archive(path, SOUND, dump)

    assert read_manifest(path) == SOUND
    assert read_all(path) == ROWS
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [path, dump]


@pytest.mark.usefixtures("no_links")
def test_given_no_links_and_a_file_of_that_name_when_written_then_it_stays_as_it_is(
    tmp_path: Path, dump: Path
) -> None:
    path = tmp_path / "kept.tar"
    path.write_text("mine")

    with pytest.raises(BackupExistsError):
        write_archive(path, SOUND, dump)

    assert path.read_text() == "mine"
    assert sorted(tmp_path.iterdir()) == [path, dump]


@pytest.mark.usefixtures("no_links")
def test_given_no_links_and_no_renaming_when_written_then_nothing_is_left_of_that_name(
    tmp_path: Path, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error", str(self), str(target))

    monkeypatch.setattr(Path, "replace", refused)

    with pytest.raises(OSError, match="Input/output"):
        write_archive(tmp_path / "kept.tar", SOUND, dump)

    assert list(tmp_path.iterdir()) == [dump]


def test_given_a_manifest_when_read_by_hand_then_it_is_plain_json(
    tmp_path: Path, dump: Path
) -> None:
    path = tmp_path / "kept.tar"
    write_archive(path, SOUND, dump)

    with tarfile.open(path) as tar:
        names = tar.getnames()
        told = json.load(tar.extractfile(MANIFEST) or io.BytesIO())

    assert names == [MANIFEST, DUMP]
    assert told["dump_bytes"] == len(ROWS)
