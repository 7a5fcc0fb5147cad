"""Counts that the processes of one machine keep together: any of them can tell all.

Each process writes to mapped files of its own, those of its slot. A process that takes the slot
of a dead one counts on where that one ended, so that neither totals drop nor files pile up.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "metrics"
SLOTS: Final = 1_024
# Several times what every route, task and operation need.
RESERVED_BYTES: Final = {"counter": 1 << 20, "histogram": 4 << 20}
PLACE: Final = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client looks for it, and only there
_LOG = structlog.get_logger(__name__)


class SharedCounts:
    """The counts in a folder, which this process has joined."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def registry(self) -> CollectorRegistry:
        """Return what shows the sums over all processes, living and dead."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(self.folder))  # type: ignore[no-untyped-call]
        return registry


@contextmanager
def sharing_counts(data_folder: Path) -> Iterator[SharedCounts | None]:
    """Have every metric made from here on counted in the data folder, until the end.

    None where that folder cannot be written or has no room: this process counts for itself then.
    """
    folder = data_folder / FOLDER
    with ExitStack() as held:
        try:
            slot = _join(folder, held)
        except OSError as error:
            _LOG.warning("counts_not_shared", error=type(error).__name__)
            yield None
            return
        with _counting_in(folder, slot):
            yield SharedCounts(folder)


def _join(folder: Path, held: ExitStack) -> int:
    """Return the slot that is ours for as long as the locks are held."""
    house = _enter(folder)
    held.callback(os.close, house)
    slot, lock = _take_slot(folder)
    held.callback(os.close, lock)
    for kind, size in RESERVED_BYTES.items():
        _reserve(folder / f"{kind}_{slot}.db", size)
    return slot


@contextmanager
def _counting_in(folder: Path, slot: int) -> Iterator[None]:
    """Tell prometheus_client, which knows no other way, by a variable and a class of its own."""
    before, place_before = values.ValueClass, os.environ.get(PLACE)
    os.environ[PLACE] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        values.ValueClass.close_all_files()
        values.ValueClass = before
        os.environ.pop(PLACE)
        if place_before is not None:
            os.environ[PLACE] = place_before


def _reserve(counts: Path, size: int) -> None:
    """Have room on the disk for all there will be: a mapped page without any ends the process."""
    file = os.open(counts, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        there = os.fstat(file).st_size
        missing = max(0, size - there)
        if os.pwrite(file, bytes(missing), there) < missing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(file)


def _enter(folder: Path) -> int:
    """Return the house's lock, shared; the first to enter begins with empty counts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "house.lock", os.O_RDWR | os.O_CREAT, 0o600)
    if _is_ours(lock, fcntl.LOCK_EX):
        for counts in folder.glob("*.db"):
            counts.unlink()
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def _take_slot(folder: Path) -> tuple[int, int]:
    """Return the lowest slot that no living process has, and its lock.

    Raises:
        OSError: none is left.
    """
    for slot in range(SLOTS):
        lock = os.open(folder / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if _is_ours(lock, fcntl.LOCK_EX):
            return slot, lock
        os.close(lock)
    raise OSError("every slot is taken")


def _is_ours(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
