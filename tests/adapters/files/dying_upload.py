"""A process that keeps a file on a booking and is gone the moment the store has it."""

import asyncio
import os
import sys
from dataclasses import replace
from uuid import UUID

from totetaxi_adapters.files.local import LocalFileStore
from totetaxi_adapters.files.opening import file_store
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.documents.document import DocumentKind
from totetaxi_core.documents.keep_document import keep_document

NO_SANDBOX = "http://127.0.0.1:1"


class DeadlyFileStore(LocalFileStore):
    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        await super().put(key, content, content_type=content_type, file_name=file_name)
        os._exit(9)  # as after SIGKILL: nothing is closed, rolled back or said


async def upload(booking_id: UUID, database_url: str) -> None:
    settings = settings_from(os.environ)
    store = file_store(settings)
    assert isinstance(store, LocalFileStore)
    async with wired(settings, database_url, sandbox_url=NO_SANDBOX) as wiring:
        await keep_document(
            booking_id,
            DocumentKind.PHOTO,
            b"\xff\xd8\xff\xe0 a photo \xff\xd9",
            replace(wiring.ports, files=DeadlyFileStore(store.folder)),
            content_type=None,
            file_name="photo.jpg",
            uploaded_by="guest",
        )


if __name__ == "__main__":
    asyncio.run(upload(UUID(sys.argv[1]), sys.argv[2]))
