"""The folder an embedded server lives in, and the names of what lies there."""

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from totetaxi_adapters.embedded_postgres.errors import DataFolderUnreachableError

MADE_BY_US = "made-by-totetaxi"
PORT = 5432  # part of the socket's file name; nothing listens on the network
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT_BYTES = 107  # sockaddr_un's 108 less the closing zero, unix(7)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below one data folder. A folder we did not make keeps its owner and mode."""

    root: Path

    @classmethod
    def make(cls, path: Path) -> Self:
        """Return the folder, made with mode 0700 if absent.

        Raises:
            DataFolderUnreachableError: it is no folder, or may not be made or entered.
        """
        try:
            if not path.exists():
                _make_marked(path)
        except OSError as error:
            raise DataFolderUnreachableError.because(str(error), folder=path) from error
        if not path.is_dir() or not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            raise DataFolderUnreachableError.because("it is closed to this process", folder=path)
        return cls(path)

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def leases(self) -> Path:
        """Held shared by every client, exclusively by a supervisor that is stopping."""
        return self.root / "leases.lock"

    @property
    def start(self) -> Path:
        """Held by the client that looks whether a supervisor must be started."""
        return self.root / "start.lock"

    @property
    def supervisor(self) -> Path:
        """Held by the supervisor while it lives."""
        return self.root / "supervisor.lock"

    @property
    def server(self) -> Path:
        """Held by every process of the server: free means that none is left."""
        return self.root / "server.lock"

    @property
    def state(self) -> Path:
        return self.root / "state.json"

    @property
    def supervisor_log(self) -> Path:
        return self.root / "supervisor.log"

    @property
    def startup_log(self) -> Path:
        """What PostgreSQL says before its own log opens; `cluster/log` has the rest."""
        return self.root / "startup.log"

    def owner_uid(self) -> int | None:
        """Return who owns the cluster, None before there is one."""
        return self.cluster.stat().st_uid if self.cluster.exists() else None

    def admit(self, gid: int) -> None:
        """Let a group pass through the folder, if we made it; nobody else gains anything."""
        if (self.root / MADE_BY_US).exists():
            os.chown(self.root, -1, gid)
            self.root.chmod(0o710)

    def make_socket_folder(self, uid: int, gid: int) -> Path:
        """Return a folder for the socket, as short as the kernel asks, the same after a crash."""
        inside, note = self.root / "run", self.root / "socket-folder"
        if _fits(inside):
            inside.mkdir(mode=0o700, exist_ok=True)
            _give(inside, uid, gid)
            return inside
        noted = Path(note.read_text()) if note.exists() else None
        if noted is not None and _is_private(noted, uid):
            return noted
        outside = Path(tempfile.mkdtemp(prefix="totetaxi-", dir="/tmp"))
        _give(outside, uid, gid)
        note.write_text(str(outside))
        return outside

    def remove_socket_folder(self, used: Path) -> None:
        """Take a folder outside away again once nobody can be using it."""
        if used.parent == self.root:
            return
        shutil.rmtree(used, ignore_errors=True)
        (self.root / "socket-folder").unlink(missing_ok=True)


def begin_anew(file: Path) -> BinaryIO:
    """Open a file that replaces the last one, which another account may have written."""
    file.unlink(missing_ok=True)
    return file.open("xb")


def _make_marked(path: Path) -> None:
    """Make the folder and its mark in one step: a mark never names a folder of others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".totetaxi-", dir=path.parent))
    (made / MADE_BY_US).touch(mode=0o600)
    try:
        made.rename(path)
    except OSError:
        shutil.rmtree(made)
        if not path.is_dir():  # else another process made it between look and rename
            raise


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT_BYTES


def _give(folder: Path, uid: int, gid: int) -> None:
    if folder.stat().st_uid != uid:
        os.chown(folder, uid, gid)


def _is_private(folder: Path, uid: int) -> bool:
    with contextlib.suppress(FileNotFoundError):
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and (found.st_uid, found.st_mode & 0o777) == (uid, 0o700)
    return False
