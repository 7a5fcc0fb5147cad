"""Locks on files that the kernel frees when their last holder dies, by whatever road."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class FileLock:
    """A lock that is held; child processes given `descriptor` hold it too."""

    descriptor: int

    def release(self) -> None:
        os.close(self.descriptor)


def take_lock(path: Path, *, shared: bool = False, within_s: float = 0.0) -> FileLock | None:
    """Lock the file, made if absent; None when others kept it for `within_s`."""
    descriptor = _open(path)
    wanted = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    deadline = time.monotonic() + within_s
    try:
        while not _flock(descriptor, wanted):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(POLL_S)
    except BaseException:
        os.close(descriptor)
        raise
    return FileLock(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether anyone holds the file exclusively."""
    lock = take_lock(path, shared=True)
    if lock is None:
        return True
    lock.release()
    return False


def is_shared(path: Path) -> bool:
    """Tell whether anyone holds the file shared."""
    alone = take_lock(path)
    if alone is not None:
        alone.release()
        return False
    return not is_held(path)


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    folder = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != folder.st_uid:
        # Root at work in someone's folder must not leave files its owner cannot open.
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _flock(descriptor: int, wanted: int) -> bool:
    try:
        fcntl.flock(descriptor, wanted)
    except BlockingIOError:
        return False
    return True
