"""One suite for every place where files are kept: in memory, in a folder, on a server of S3."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.contracts.file_stores import LocalS3, local_s3
from totetaxi_adapters.files.local import LocalFileStore
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_core.documents.file_store import (
    FileStore,
    FileStoreUnavailableError,
    StoredFileNotFoundError,
)

BUCKET = "papers"
KEY = "documents/0b/0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90"
CONTENT = bytes(range(256)) * 1_024


@pytest.fixture(scope="module")
def s3() -> Iterator[LocalS3]:
    with local_s3() as server:
        server.make_bucket(BUCKET)
        yield server


@pytest.fixture(params=["memory", "local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "memory":
        return MemoryFileStore()
    if request.param == "local":
        return LocalFileStore(tmp_path / "files")
    server: LocalS3 = request.getfixturevalue("s3")
    return server.store(BUCKET, prefix=f"of/{tmp_path.name}".replace("_", "-").lower())


async def keep(store: FileStore, key: str = KEY, content: bytes = CONTENT) -> None:
    await store.put(key, content, content_type="image/jpeg", file_name="Küche.jpg")


async def joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def test_given_a_file_when_kept_then_it_is_read_whole_and_in_pieces(
    store: FileStore,
) -> None:
    await keep(store)
    await keep(store, "documents/0b/other", b"other")

    assert await store.read(KEY) == CONTENT
    assert await joined(await store.stream(KEY)) == CONTENT


async def test_given_a_file_when_kept_again_then_the_later_content_counts(
    store: FileStore,
) -> None:
    await keep(store)

    await keep(store, content=b"later")

    assert await store.read(KEY) == b"later"


async def test_given_a_file_when_removed_twice_then_it_is_gone_and_nobody_minds(
    store: FileStore,
) -> None:
    await keep(store)

    await store.delete(KEY)
    await store.delete(KEY)

    with pytest.raises(StoredFileNotFoundError):
        await store.read(KEY)
    with pytest.raises(StoredFileNotFoundError):
        await store.stream(KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "a/./b",
        ".hidden",
        "a/.b",
        "A",
        "a\\b",
        "a\0b",
        "a b",
        "a~",
        "a/",
        "é",
        "a" * 201,
    ],
)
async def test_given_a_key_that_leads_elsewhere_when_used_then_nothing_is_touched(
    store: FileStore, key: str
) -> None:
    with pytest.raises(ValueError, match="not the key"):
        await keep(store, key)
    with pytest.raises(ValueError, match="not the key"):
        await store.read(key)
    with pytest.raises(ValueError, match="not the key"):
        await store.delete(key)


async def test_given_s3_when_a_link_is_signed_then_it_downloads_under_its_name_for_ten_minutes(
    s3: LocalS3,
) -> None:
    store = s3.store(BUCKET, prefix="signed")
    await keep(store)

    url = await store.signed_url(KEY, lifetime=timedelta(minutes=10))

    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    assert (asked["X-Amz-Expires"], asked["X-Amz-Algorithm"]) == (["600"], ["AWS4-HMAC-SHA256"])
    async with httpx.AsyncClient() as client:
        answer = await client.get(url)
    assert answer.content == CONTENT
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "image/jpeg",
        "private, no-store",
    )
    named = "attachment; filename=\"Kuche.jpg\"; filename*=UTF-8''K%C3%BCche.jpg"
    assert answer.headers["content-disposition"] == named
    assert f"signed/{KEY}" in s3.keys(BUCKET)


async def test_given_s3_without_an_answer_or_a_bucket_when_used_then_it_is_unavailable(
    s3: LocalS3,
) -> None:
    with local_s3() as other:
        away = other.store(BUCKET)

    for call in (keep(away), away.read(KEY), away.stream(KEY), away.delete(KEY)):
        with pytest.raises(FileStoreUnavailableError):
            await call
    with pytest.raises(FileStoreUnavailableError):
        await keep(s3.store("no-such-bucket"))
