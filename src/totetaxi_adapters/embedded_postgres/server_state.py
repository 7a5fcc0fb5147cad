"""What the supervisor tells its clients, in a file replaced whole."""

import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from totetaxi_adapters.embedded_postgres.data_folder import DataFolder, begin_anew

EXIT_TAKEN = 3  # what a supervisor exits with when there is one already


class ServerStatus(StrEnum):
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerState:
    """Only to be believed while `folder.supervisor` is held, except `FAILED`."""

    status: ServerStatus
    supervisor_pid: int
    server_pid: int | None = None
    socket_folder: str | None = None
    error_code: str | None = None
    error_text: str | None = None

    def write(self, folder: DataFolder) -> None:
        new = folder.root / "state.json.new"
        with begin_anew(new) as file:
            file.write(json.dumps(asdict(self)).encode())
        os.replace(new, folder.state)  # noqa: PTH105  the name says that it replaces


def read_state(folder: DataFolder) -> ServerState | None:
    """Return the last state written, None before the first."""
    try:
        fields = json.loads(Path(folder.state).read_text())
    except FileNotFoundError:
        return None
    return ServerState(**fields | {"status": ServerStatus(fields["status"])})
