"""A restore that kills itself at a step: `python killed_restore.py STEP FILE URL`."""

import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from totetaxi_adapters.backup import restore as restoring
from totetaxi_adapters.backup import standing_schemas
from totetaxi_adapters.postgres.unfinished_restore import MARK

TOLD: Final = {"read": "reading", "emptied": "restoring", "filled": "comparing"}
STEPS: Final = (*TOLD, "half_filled", "compared", "half_dropped")


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fatal(act: Callable[..., Any], *more: str, when: Callable[..., bool]) -> Callable[..., Any]:
    """Have the process die right after such a call, which gets `more` arguments."""

    @wraps(act)
    def called(*arguments: object, **named: object) -> object:
        if not when(*arguments):
            return act(*arguments, **named)
        act(*arguments, *more, **named)
        die()
        return None

    return called


def restore_until(step: str, path: Path, database_url: str) -> None:
    def tell(told: str) -> None:
        if step in TOLD and told.startswith(TOLD[step]):
            die()

    if step == "half_filled":  # tables, and no rows
        fills = lambda _, first, *__: first != "--list"  # noqa: E731
        restoring.run = fatal(restoring.run, "--section=pre-data", when=fills)  # type: ignore[attr-defined]
    if step == "compared":
        restoring._compare = fatal(restoring._compare, when=lambda *_: True)  # noqa: SLF001
    if step == "half_dropped":
        of_the_mark = lambda _, schema: schema == MARK  # noqa: E731
        standing_schemas._drop = fatal(standing_schemas._drop, when=of_the_mark)  # noqa: SLF001
    restoring.restore(path, database_url, force=True, tell=tell)


if __name__ == "__main__":
    at, file, url = sys.argv[1:]
    restore_until(at, Path(file), url)
