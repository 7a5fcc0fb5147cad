"""Files in a private bucket, on S3 or what speaks like it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from obstore import sign_async
from obstore.exceptions import BaseError
from obstore.store import S3Store

from totetaxi_adapters.files.storage_url import S3Place
from totetaxi_adapters.setting_values import Secret
from totetaxi_core.documents.file_name import attachment
from totetaxi_core.documents.file_store import (
    FileStoreUnavailableError,
    StoredFileNotFoundError,
    require_key,
)

if TYPE_CHECKING:
    from obstore.store import S3Config

# Together well below the hour after which an upload counts as dead.
CALL_MAY_LAST: Final = timedelta(seconds=30)
TRIES_MAY_LAST: Final = timedelta(seconds=60)
MOST_RETRIES: Final = 2


class S3FileStore:
    """Objects carry the name they are saved under; links to them are signed and lapse."""

    def __init__(
        self,
        place: S3Place,
        *,
        bucket: str,
        region: str,
        key_id: Secret | None = None,
        secret: Secret | None = None,
    ) -> None:
        """Open nothing yet. Without keys those of the machine are used, as AWS gives them."""
        config: S3Config = {
            "region": place.region or region,
            # What is not AWS itself seldom has a host name for each bucket.
            "virtual_hosted_style_request": place.endpoint is None,
            "disable_bulk_delete": True,
        }
        if place.endpoint is not None:
            config["endpoint"] = place.endpoint
        if key_id is not None and secret is not None:
            config["access_key_id"] = key_id.reveal()
            config["secret_access_key"] = secret.reveal()
        self._store = S3Store(
            place.bucket or bucket,
            prefix=place.prefix or None,
            config=config,
            client_options={
                "allow_http": (place.endpoint or "").startswith("http://"),
                "timeout": CALL_MAY_LAST,
            },
            retry_config={"max_retries": MOST_RETRIES, "retry_timeout": TRIES_MAY_LAST},
        )

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        attributes = {
            "Content-Type": content_type,
            "Content-Disposition": attachment(file_name),
            "Cache-Control": "private, no-store",
        }
        with _failures(is_there=False):
            # In one piece: the parts of one that is cut off would stay, where nobody sees them.
            await self._store.put_async(
                require_key(key), content, attributes=attributes, use_multipart=False
            )

    async def read(self, key: str) -> bytes:
        with _failures():
            found = await self._store.get_async(require_key(key))
            return bytes(await found.bytes_async())

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        with _failures():
            found = await self._store.get_async(require_key(key))
        return (bytes(piece) async for piece in found.stream())

    async def delete(self, key: str) -> None:
        with _failures(is_there=False):
            await self._store.delete_async(require_key(key))

    async def signed_url(self, key: str, *, lifetime: timedelta) -> str | None:
        with _failures():
            return await sign_async(self._store, "GET", require_key(key), lifetime)


@contextmanager
def _failures(*, is_there: bool = True) -> Iterator[None]:
    """Turn what S3 says into what the core has a word for.

    Raises:
        StoredFileNotFoundError: there is no such object, and it had to be there.
        FileStoreUnavailableError: no answer, no bucket, or keys that it does not take.
    """
    try:
        yield
    except FileNotFoundError as error:
        if not is_there:
            raise FileStoreUnavailableError("no such bucket") from error
        raise StoredFileNotFoundError from error
    except (BaseError, OSError) as error:
        raise FileStoreUnavailableError(type(error).__name__) from error
