"""A booking, and where the files on it are kept."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.builders import a_booking
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.bookings.booking import Booking

Answer = TypeVar("Answer")


class Shelf:
    """A booking, the files of this machine, and the folder of those that are kept."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.database_url, self.folder = database_url, folder
        self.booking = self.wired(_store)

    def wired(self, job: Callable[[Wiring], Awaitable[Answer]]) -> Answer:
        settings = settings_from({"TOTETAXI_DATA_DIR": str(self.folder)})

        async def running() -> Answer:
            async with wired(
                settings, self.database_url, sandbox_url="http://127.0.0.1:1"
            ) as wiring:
                return await job(wiring)

        return asyncio.run(running())

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    @property
    def kept(self) -> list[bytes]:
        return [path.read_bytes() for path in (self.folder / "files").rglob("*") if path.is_file()]


async def _store(wiring: Wiring) -> Booking:
    booking = a_booking()
    async with wiring.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    return booking
