import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.adapters.files import dying_upload
from tests.builders import a_booking
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.documents.sweep_uploads import sweep_uploads
from totetaxi_core.outbox.perform_effect import perform_effect


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_given_a_process_killed_with_the_file_kept_when_swept_then_row_and_file_go(
    database_url: str, tmp_path: Path
) -> None:
    environ = {"TOTETAXI_DATA_DIR": str(tmp_path), "HOME": "/nowhere"}
    booking = a_booking()
    async with wired(
        settings_from(environ), database_url, sandbox_url=dying_upload.NO_SANDBOX
    ) as wiring:
        async with wiring.ports.unit_of_work() as uow:
            await uow.bookings.add(booking)
            await uow.commit()
        killed = subprocess.run(  # noqa: ASYNC221  nothing else runs here
            [sys.executable, dying_upload.__file__, str(booking.id), database_url],
            env={**os.environ, **environ},
            check=False,
        )
        left = files_in(tmp_path)
        early = await sweep_uploads(wiring.ports, limit=10)
        seen = await list_documents(booking.id, wiring.ports, by=Caller.guest())

        later = wiring.ports.clock() + timedelta(hours=1)
        ports = replace(wiring.ports, clock=lambda: later)
        swept = await sweep_uploads(ports, limit=10)
        async with ports.unit_of_work() as uow:
            [effect] = await uow.outbox.troubled(due_before=later + timedelta(seconds=1), limit=10)
        done = await perform_effect(effect.id, ports, wiring.terms)

    assert (killed.returncode, len(left), seen) == (9, 1, ())
    assert (early, swept, done) == (0, 1, "done")
    assert files_in(tmp_path) == []
