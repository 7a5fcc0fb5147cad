"""From nothing to the first answer, and how much memory the service then needs."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.booking_house import TODAY
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.load import asked, load
from benchmarks.preview import as_body
from benchmarks.preview_server import PREVIEW_PATH
from benchmarks.progress import Progress
from benchmarks.quote_requests import RequestMix
from benchmarks.service import Service, service
from totetaxi_core import PriceBook

NAME: Final = "start"
MOST_S: Final = 5.0
REQUESTS: Final = 2_000
STARTS: Final = 3
CALENDAR: Final = (
    f"/api/public/calendar/availability?start_date={TODAY}&end_date={TODAY + timedelta(days=30)}"
)


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Start with an empty data folder, then again and again with what is there."""
    folder = Path(tempfile.mkdtemp(prefix="totetaxi-bench-"))
    folder.chmod(0o755)
    try:
        progress.tell("first start, on an empty folder ...")
        yield Figure(name="First start to first answer", value=_start_s(folder / "data"), unit="s")
        progress.tell("second starts ...")
        again = [_start_s(folder / "data") for _ in range(min(STARTS, effort.rounds))]
        yield Figure(
            name="Second start to first answer",
            value=median(again),
            unit="s",
            limit=MOST_S,
            at_most=True,
        )
        progress.tell(f"memory after {REQUESTS:,} requests ...")
        with service(folder / "data") as served:
            _ask(served, min(REQUESTS, effort.requests))
            yield Figure(
                name=f"Memory of the service after {REQUESTS:,} requests",
                value=_resident_mib(served),
                unit="MiB",
                note="API, worker and sandbox in one process",
            )
    finally:
        shutil.rmtree(folder)


def _start_s(data_folder: Path) -> float:
    started = time.perf_counter()
    with service(data_folder) as served:
        load(served.url, [asked("GET", CALENDAR)], connections=1, answers=1)
        return time.perf_counter() - started


def _ask(served: Service, count: int) -> None:
    previews = [
        as_body(PREVIEW_PATH, request)
        for request in RequestMix(PriceBook.default()).distinct(count)
    ]
    mixed = [request for preview in previews for request in (preview, asked("GET", CALENDAR))]
    load(served.url, mixed[:count], connections=8, answers=count)


def _resident_mib(served: Service) -> float:
    status = Path(f"/proc/{served.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1_024
