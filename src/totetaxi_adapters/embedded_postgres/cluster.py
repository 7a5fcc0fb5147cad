"""One PostgreSQL cluster: made whole or not at all, started, watched for, stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from totetaxi_adapters.embedded_postgres.data_folder import PORT, DataFolder, begin_anew
from totetaxi_adapters.embedded_postgres.errors import ServerStartError, ServerStopError
from totetaxi_adapters.embedded_postgres.file_lock import FileLock, take_lock
from totetaxi_adapters.embedded_postgres.server_account import LIBC, ServerAccount

DATABASE = "totetaxi"
USER = "totetaxi"
# The builtin provider: one UTF-8 order and case everywhere, no locale of the machine needed.
INITDB_OPTIONS = (
    *("--username", USER, "--auth", "trust", "--encoding", "UTF8"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
    *("--no-sync", "--no-instructions"),  # synced in one go once it is whole
)
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgres-%a.log",  # seven files, each overwritten a week later
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_error_verbosity": "terse",  # details and statements may name customers
    "log_min_error_statement": "panic",
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}  # no PG* of the caller's
PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_S = 0.01
PATIENCE_S = 10.0  # for each way of asking a server to stop
READY_LINE = 7  # of postmaster.pid, counted from 0; what pg_ctl waits for, too


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of one server. Its processes all hold `folder.server`, see `reserve`."""

    folder: DataFolder
    programs: Path
    account: ServerAccount
    socket_folder: Path

    def create(self, reserved: FileLock) -> None:
        """Make the files, with our database, unless they stand; a half-made one never does.

        Raises:
            ServerStartError: initdb failed.
        """
        for half_made in self.folder.root.glob("*-new-*"):
            shutil.rmtree(half_made)
        if self.folder.cluster.exists():
            return
        made = Path(tempfile.mkdtemp(prefix="cluster-new-", dir=self.folder.root))
        if self.account.uid != os.geteuid():
            os.chown(made, self.account.uid, self.account.gid)
        self._run("initdb", "-D", str(made), *INITDB_OPTIONS, reserved=reserved)
        statement = f"CREATE DATABASE {DATABASE}\n".encode()
        single = ("--single", "-j", "-D", str(made), "postgres")
        self._run("postgres", *single, reserved=reserved, text=statement)
        self._run("initdb", "-D", str(made), "--sync-only", reserved=reserved)
        made.rename(self.folder.cluster)

    def start(self, reserved: FileLock) -> subprocess.Popen[bytes]:
        """Start the server and return it once it takes connections; recovery may take long.

        Raises:
            ServerStartError: it ended instead.
        """
        self._forget_the_dead()
        quoted = '"' + str(self.socket_folder).replace('"', '""') + '"'
        settings = SETTINGS | {"unix_socket_directories": quoted}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = ("postgres", "-D", str(self.folder.cluster), *options)
        server = self._spawn(*command, reserved=reserved, at_our_death=signal.SIGINT)
        while not self._is_ready(server.pid):
            if server.poll() is not None:
                raise ServerStartError(self._complaint("postgres"))
            time.sleep(POLL_S)
        return server

    def _forget_the_dead(self) -> None:
        """Remove what a killed server left: its id may be another process's by now.

        The caller holds `folder.server`, so no server of ours is alive.
        """
        pid_file = self.folder.cluster / "postmaster.pid"
        strangers = processes_in(self.folder.cluster)
        if strangers:
            raise ServerStartError(f"processes we did not start work in the cluster: {strangers}")
        for left in (pid_file, *self.socket_folder.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self.folder.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ready = len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"
        return ready and lines[0] == str(pid)

    def _run(self, *command: str, reserved: FileLock, text: bytes = b"") -> None:
        child = self._spawn(*command, reserved=reserved, at_our_death=signal.SIGKILL)
        child.communicate(text)
        if child.returncode != 0:
            raise ServerStartError(self._complaint(command[0]))

    def _spawn(
        self, program: str, *arguments: str, reserved: FileLock, at_our_death: signal.Signals
    ) -> subprocess.Popen[bytes]:
        with begin_anew(self.folder.startup_log) as log:
            return subprocess.Popen(  # noqa: S603  our own program, no shell
                (str(self.programs / program), *arguments),
                stdin=subprocess.DEVNULL if at_our_death is signal.SIGINT else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=(reserved.descriptor,),
                preexec_fn=partial(_become, self.account, at_our_death, os.getpid()),  # noqa: PLW1509  the supervisor has one thread
            )

    def _complaint(self, program: str) -> str:
        """Return the end of the newest log: the collector takes over from the first one."""
        logs = (self.folder.startup_log, *self.folder.cluster.glob("log/*.log"))
        texts = (path.read_text(errors="replace") for path in sorted(logs, key=_changed_at))
        lines = [line for text in texts for line in text.splitlines() if line]
        return f"{program} failed: " + " | ".join(lines[-5:])


def reserve(folder: DataFolder) -> FileLock:
    """Wait until no server process is left, stopping one that lost its supervisor.

    Whoever holds the lock may start a server, and hands it the lock to keep.

    Raises:
        ServerStopError: an old one would not go.
    """
    for asked in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        lock = take_lock(folder.server)
        for pid in () if lock else processes_in(folder.cluster):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, asked)
        lock = lock or take_lock(folder.server, within_s=PATIENCE_S)
        if lock is not None:
            return lock
    raise ServerStopError(f"an old server still works in {folder.root}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: fast and clean if it can, at once if it must.

    Raises:
        ServerStopError: it outlived SIGKILL.
    """
    for asked in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(asked)
        try:
            server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            continue
        return
    raise ServerStopError(f"process {server.pid} does not end")


def processes_in(cluster: Path) -> tuple[int, ...]:
    """Return the ids of the processes at work in the cluster: each of a server's lives there."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return tuple(pid for pid in pids if _works_in(pid, cluster))


def _works_in(pid: int, cluster: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").samefile(cluster)
    except OSError:  # it ended, or is none of ours to look at
        return False


def _become(account: ServerAccount, at_our_death: signal.Signals, parent_pid: int) -> None:
    """Turn a forked child into the account, bound to its parent's life."""
    account.enter()
    # After `enter`: a change of credentials clears it, prctl(2).
    LIBC.prctl(PR_SET_PDEATHSIG, int(at_our_death), 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(1)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime
