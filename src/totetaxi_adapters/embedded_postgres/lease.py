"""The embedded server as its clients see it: take a lease, use the URL, give it back."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from totetaxi_adapters.embedded_postgres import errors
from totetaxi_adapters.embedded_postgres.cluster import DATABASE, USER
from totetaxi_adapters.embedded_postgres.data_folder import (
    PORT,
    SOCKET_NAME,
    DataFolder,
    begin_anew,
)
from totetaxi_adapters.embedded_postgres.file_lock import FileLock, is_held, is_shared, take_lock
from totetaxi_adapters.embedded_postgres.server_state import (
    EXIT_TAKEN,
    ServerState,
    ServerStatus,
    read_state,
)

LOGGER = logging.getLogger(__name__)
POLL_S = 0.02
KEEPER_LOOKS_EVERY_S = 0.5
STARTS_AT_MOST = 3  # a supervisor killed while it starts is started again
STOP_TIMEOUT_S = 30.0
SUPERVISOR = "totetaxi_adapters.embedded_postgres.supervisor"


class EmbeddedPostgres:
    """The server of one data folder, shared by every process that names the folder."""

    def __init__(self, data_dir: Path, *, start_timeout_s: float = 60.0) -> None:
        self._data_dir = data_dir.expanduser().absolute()
        self._start_timeout_s = start_timeout_s

    def acquire(self) -> "PostgresLease":
        """Return a lease on the server, started if nobody has. Blocks; at first for a second.

        Raises:
            EmbeddedPostgresError: it cannot run here, or did not start in time.
        """
        if sys.platform != "linux":
            raise errors.PlatformUnsupportedError.here()
        folder = DataFolder.make(self._data_dir)
        lock = _joined(folder, within_s=self._start_timeout_s)
        try:
            state = _running(folder, within_s=self._start_timeout_s)
        except BaseException:
            lock.release()
            raise
        return PostgresLease(folder, lock, state, start_timeout_s=self._start_timeout_s)


class PostgresLease:
    """Keeps the server running until `release`, or the death of this process.

    A thread of its own brings a killed supervisor back within a second; a killed server is
    brought back by its supervisor. Connections open at that moment are lost.
    """

    def __init__(
        self, folder: DataFolder, lock: FileLock, state: ServerState, *, start_timeout_s: float
    ) -> None:
        self.database_url = _url(state)
        self._folder, self._lock, self._start_timeout_s = folder, lock, start_timeout_s
        self._released = threading.Event()
        self._keeper = threading.Thread(
            target=self._keep, name="embedded-postgres-keeper", daemon=True
        )
        self._keeper.start()

    def ensure_running(self) -> None:
        """Return once the server takes connections, started again if it was killed.

        Raises:
            EmbeddedPostgresError: it did not start in time.
        """
        _running(self._folder, within_s=self._start_timeout_s)

    def release(self) -> None:
        """Give the lease back; the last one returns when server and supervisor are gone.

        Raises:
            ServerStopError: it did not stop in time.
        """
        if self._released.is_set():
            return
        self._released.set()
        self._keeper.join()
        self._lock.release()
        _await_stop(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _keep(self) -> None:
        while not self._released.wait(KEEPER_LOOKS_EVERY_S):
            try:
                if not is_held(self._folder.supervisor):
                    LOGGER.warning("the embedded PostgreSQL lost its supervisor: starting it again")
                    self.ensure_running()
            except (errors.EmbeddedPostgresError, OSError):
                LOGGER.exception("the embedded PostgreSQL did not start again")


def _joined(folder: DataFolder, *, within_s: float) -> FileLock:
    try:
        lock = take_lock(folder.leases, shared=True, within_s=within_s)
    except OSError as error:
        raise errors.DataFolderUnreachableError.because(str(error), folder=folder.root) from error
    if lock is None:
        raise errors.ServerStopError(f"the server in {folder.root} is stopping, and does not end")
    return lock


def _running(folder: DataFolder, *, within_s: float) -> ServerState:
    """Return the state of a server that takes connections, started if need be."""
    deadline = time.monotonic() + within_s
    starts = 0
    while time.monotonic() < deadline:
        with _Turn(folder, within_s=within_s):
            if not is_held(folder.supervisor):
                starts += 1
                _start_supervisor(folder)
        state = _ready(folder, deadline)
        if state is not None:
            return state
        if starts == STARTS_AT_MOST:
            break
    raise errors.ServerStartError(f"PostgreSQL in {folder.root} did not start in time")


class _Turn:
    """Only one client at a time looks for a supervisor and starts one."""

    def __init__(self, folder: DataFolder, *, within_s: float) -> None:
        lock = take_lock(folder.start, within_s=within_s)
        if lock is None:
            raise errors.ServerStartError(f"another process blocks {folder.start}")
        self._lock = lock

    def __enter__(self) -> None:
        return

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _start_supervisor(folder: DataFolder) -> None:
    """Start a supervisor, in a session of its own: no signal meant for us may reach it.

    Raises:
        ServerStartError: it broke before it could say why in the state.
    """
    modules = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry)
    with begin_anew(folder.supervisor_log) as log:
        done = subprocess.run(  # noqa: S603  our own module, no shell
            (sys.executable, "-P", "-m", SUPERVISOR, str(folder.root)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=os.environ | {"PYTHONPATH": modules},
            start_new_session=True,
            check=False,
        )
    if done.returncode not in {0, EXIT_TAKEN}:
        raise errors.ServerStartError(f"no supervisor: {folder.supervisor_log.read_text()[-500:]}")


def _ready(folder: DataFolder, deadline: float) -> ServerState | None:
    """Wait for the supervisor; None if it is gone or late.

    Raises:
        EmbeddedPostgresError: it says why it failed.
    """
    while time.monotonic() < deadline:
        alive = is_held(folder.supervisor)
        state = read_state(folder)
        if state is not None and state.status is ServerStatus.FAILED:
            raise _failure(state)
        if not alive:
            return None
        if state is not None and state.status is ServerStatus.READY and _answers(state):
            return state
        time.sleep(POLL_S)
    return None


def _failure(state: ServerState) -> errors.EmbeddedPostgresError:
    """Return the supervisor's refusal as it was raised there."""
    text = state.error_text or "unknown"
    for kind in errors.EmbeddedPostgresError.__subclasses__():
        if kind.code == state.error_code:
            return kind(text)
    return errors.ServerStartError(text)


def _answers(state: ServerState) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(Path(state.socket_folder or "", SOCKET_NAME)))
        except OSError:
            return False
        return True


def _await_stop(folder: DataFolder) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_S
    # The supervisor lets its own lock go first and the leases with its last breath.
    while (is_held(folder.supervisor) or is_held(folder.leases)) and not is_shared(folder.leases):
        if time.monotonic() >= deadline:
            raise errors.ServerStopError(f"the server in {folder.root} does not stop")
        time.sleep(POLL_S)


def _url(state: ServerState) -> str:
    place = quote(state.socket_folder or "", safe="")
    return f"postgresql://{USER}@/{DATABASE}?host={place}&port={PORT}"
