"""`totetaxi serve`, as anybody starts it."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.child_process import ChildFailedError, child

HEALTH: Final = re.compile(r"health (http://[0-9.:]+)/health/")


@dataclass(frozen=True, slots=True)
class Service:
    """A process that serves at `url`."""

    pid: int
    url: str


@contextmanager
def service(data_folder: Path, *options: str, **settings: str) -> Iterator[Service]:
    """Serve on a free port, rate limits lifted, with these options and settings besides.

    Raises:
        ChildFailedError: it ended before it was ready.
    """
    own = {"TOTETAXI_DATA_DIR": str(data_folder), "PORT": "0", "RATELIMIT_ENABLE": "false"}
    script = str(Path(sys.executable).with_name("totetaxi"))
    with child((script, "serve", *options), environment=os.environ | own | settings) as process:
        ready = HEALTH.search(process.line)
        if ready is None:
            raise ChildFailedError(process.line)
        yield Service(process.pid, ready[1])
