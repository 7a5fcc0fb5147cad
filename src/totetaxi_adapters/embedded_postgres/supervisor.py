"""The process that holds the server: it outlives every client, and stops after the last.

Started by `lease.py` as `python -m totetaxi_adapters.embedded_postgres.supervisor FOLDER`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from totetaxi_adapters.embedded_postgres.binaries import programs_for
from totetaxi_adapters.embedded_postgres.cluster import Cluster, reserve, stop
from totetaxi_adapters.embedded_postgres.data_folder import DataFolder
from totetaxi_adapters.embedded_postgres.errors import EmbeddedPostgresError
from totetaxi_adapters.embedded_postgres.file_lock import FileLock, take_lock
from totetaxi_adapters.embedded_postgres.server_account import choose_account
from totetaxi_adapters.embedded_postgres.server_state import EXIT_TAKEN, ServerState, ServerStatus

LOOK_EVERY_S = 0.1
TAKEOVER_S = 1.0  # one on its way out, or a client's glance at the lock
ENDING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


def supervise(folder: DataFolder) -> None:
    """Serve until the last client is gone; a server that died is started again.

    Raises:
        EmbeddedPostgresError: it cannot be started, or started again, or stopped.
    """
    tell(folder, ServerStatus.STARTING)
    reserved = reserve(folder)
    cluster = _cluster(folder)
    cluster.create(reserved)
    server = _start(cluster, reserved)
    while not _is_over(folder):
        if server.poll() is not None:
            tell(folder, ServerStatus.STARTING)
            server = _start(cluster, reserve(folder))
    tell(folder, ServerStatus.STOPPED)
    stop(server)
    folder.remove_socket_folder(cluster.socket_folder)


def tell(folder: DataFolder, status: ServerStatus, *, error: Exception | None = None) -> None:
    """Let the clients know."""
    code = error.code if isinstance(error, EmbeddedPostgresError) else None
    text = None if error is None else str(error) or repr(error)
    ServerState(status=status, supervisor_pid=os.getpid(), error_code=code, error_text=text).write(
        folder
    )


def _cluster(folder: DataFolder) -> Cluster:
    account = choose_account(folder)
    return Cluster(
        folder,
        programs=programs_for(account, folder),
        account=account,
        socket_folder=folder.make_socket_folder(account.uid, account.gid),
    )


def _start(cluster: Cluster, reserved: FileLock) -> subprocess.Popen[bytes]:
    server = cluster.start(reserved)
    reserved.release()  # the server's processes hold it on
    ServerState(
        status=ServerStatus.READY,
        supervisor_pid=os.getpid(),
        server_pid=server.pid,
        socket_folder=str(cluster.socket_folder),
    ).write(cluster.folder)
    return server


def _is_over(folder: DataFolder) -> bool:
    """Wait a moment, less if a child ends; tell whether it is time to go.

    The leases, once taken, are kept until this process ends: who comes now waits, and starts
    a server of their own.
    """
    received = signal.sigtimedwait({signal.SIGCHLD, *ENDING}, LOOK_EVERY_S)
    if received is not None and received.si_signo in ENDING:
        return True
    return take_lock(folder.leases) is not None


def main(root: Path) -> int:
    """Detach from the client that started us and serve; the client sees 0 once we have begun."""
    folder = DataFolder(root)
    lock = take_lock(folder.supervisor, within_s=TAKEOVER_S)
    if lock is None:
        return EXIT_TAKEN
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, *ENDING})
    tell(folder, ServerStatus.STARTING)
    if os.fork() > 0:
        os._exit(0)
    try:
        supervise(folder)
    except Exception as error:
        tell(folder, ServerStatus.FAILED, error=error)
        raise
    finally:
        lock.release()  # before the leases: who gets one must not find us still here
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
