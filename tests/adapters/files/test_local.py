import os
import stat
from pathlib import Path

import pytest

from totetaxi_adapters.files.local import LocalFileStore
from totetaxi_core.documents.file_store import FileStoreUnavailableError

KEY = "documents/0b/one"


async def keep(store: LocalFileStore, content: bytes = b"one") -> None:
    await store.put(KEY, content, content_type="image/png", file_name="one.png")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


async def test_given_a_folder_when_a_file_is_kept_then_only_its_owner_may_look(
    tmp_path: Path,
) -> None:
    store = LocalFileStore(tmp_path / "data" / "files")

    await keep(store)

    path = tmp_path / "data" / "files" / KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = (path.parent, path.parent.parent, store.folder)
    assert [stat.S_IMODE(each.stat().st_mode) for each in folders] == [0o700] * 3


async def test_given_a_disk_that_fails_when_a_file_is_replaced_then_the_old_one_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalFileStore(tmp_path)
    await keep(store)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(FileStoreUnavailableError):
            await keep(store, b"later")

    assert await store.read(KEY) == b"one"


async def test_given_a_writer_that_died_when_its_key_is_removed_then_nothing_is_left(
    tmp_path: Path,
) -> None:
    store = LocalFileStore(tmp_path)
    await keep(store)
    (tmp_path / f"{KEY}~").write_bytes(b"half a fi")

    await store.delete(KEY)

    assert names(tmp_path) == set()


async def test_given_a_part_that_a_dead_writer_left_when_kept_again_then_it_is_whole(
    tmp_path: Path,
) -> None:
    store = LocalFileStore(tmp_path)
    (tmp_path / "documents" / "0b").mkdir(parents=True)
    (tmp_path / f"{KEY}~").write_bytes(b"half a file, and longer")

    await keep(store)

    assert (await store.read(KEY), names(tmp_path)) == (b"one", {"one"})


async def test_given_a_folder_in_the_way_when_used_then_the_store_is_unavailable(
    tmp_path: Path,
) -> None:
    (tmp_path / "documents").write_bytes(b"a file where a folder has to be")
    store = LocalFileStore(tmp_path)

    with pytest.raises(FileStoreUnavailableError):
        await keep(store)
    with pytest.raises(FileStoreUnavailableError):
        await store.delete(KEY)
