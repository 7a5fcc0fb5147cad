"""Processor time of other processes: it counts their work, however busy the machine is."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = range(11, 15)  # of stat, after the name


def processor_s(pids: Iterable[int]) -> float:
    """Return the seconds they have worked so far, with those of their children that ended."""
    return sum(_ticks(pid) for pid in pids) / TICKS_A_SECOND


def children_of(pid: int) -> dict[int, str]:
    """Return the processes it started that run, each with its command."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(one): Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in found}


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended: its parent has its time
        return 0
    return sum(int(fields[one]) for one in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM))
