"""A process that has all of our code imported, and forks: a program begun by it starts at once.

To import our code takes a core for more than a second, and the tests start hundreds of programs.
Each is a process of its own all the same, with its settings, its memory, its signals and its end.
"""

import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

PACKAGES: Final = ("totetaxi_core", "totetaxi_adapters", "totetaxi_http", "totetaxi_cli")
# What is imported by a name, or late, once a server starts.
LATE: Final = (
    "litestar.plugins.pydantic",
    "sqlalchemy.dialects.postgresql.psycopg",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
)
MAINS: Final = ("totetaxi_adapters.sandbox.__main__", "totetaxi_cli.main")
ORDER_BYTES: Final = 1 << 20
FILES: Final = 4
NUMBER: Final = struct.Struct("=i")


class Birth(NamedTuple):
    """How a program begins; `files` are its input, output and errors, and where its end is told."""

    arguments: list[str]
    environ: dict[str, str]
    folder: str
    files: list[int]


class Nursery:
    """Forks a program for each order, tells its process id, and at its end its exit status."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._told: dict[int, int] = {}  # by process: where its end is told
        self._woken, self._waking = os.pipe()
        os.set_blocking(self._waking, False)

    def tend(self) -> Birth | None:
        """Return in each fork, with what it is to do; None where nobody orders any more."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waking)
        while True:
            ready, _, _ = select.select([self._orders.fileno(), self._woken], [], [])
            if self._woken in ready:
                self._tell_ends()
            if self._orders.fileno() in ready:
                birth = self._ordered()
                if birth is None or self._fork(birth):
                    return birth

    def _ordered(self) -> Birth | None:
        """Read one line; the next order comes only when this one is answered."""
        order, files, _, _ = socket.recv_fds(self._orders, ORDER_BYTES, FILES)
        while order and not order.endswith(b"\n"):
            order += self._orders.recv(ORDER_BYTES)
        if not order:
            return None
        arguments, environ, folder = json.loads(order)
        return Birth(arguments, environ, folder, files)

    def _fork(self, birth: Birth) -> bool:
        """Return whether this is the fork."""
        process = os.fork()
        if process == 0:
            self._forget()
            return True
        *inherited, told = birth.files
        for file in inherited:
            os.close(file)
        self._told[process] = told
        os.write(told, NUMBER.pack(process))
        return False

    def _tell_ends(self) -> None:
        os.read(self._woken, select.PIPE_BUF)
        for process, told in list(self._told.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                with suppress(BrokenPipeError):  # nobody waits for it any more
                    os.write(told, NUMBER.pack(os.waitstatus_to_exitcode(status)))
                os.close(told)
                del self._told[process]

    def _forget(self) -> None:
        """Be a process like any other again."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._orders.close()
        for file in (*self._told.values(), self._woken, self._waking):
            os.close(file)


def live(birth: Birth) -> None:
    """Be the program: from here on all is as in a new interpreter, its end too."""
    for number, file in enumerate(birth.files[:3]):
        os.dup2(file, number)
    for file in birth.files:
        os.close(file)
    os.chdir(birth.folder)
    os.environ.clear()
    os.environ.update(birth.environ)
    time.tzset()
    first, *rest = birth.arguments
    if first == "-m":
        sys.argv, sys.path[0] = rest, birth.folder
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = birth.arguments, str(Path(first).parent)
        runpy.run_path(first, run_name="__main__")


def prepare() -> None:
    """Import what programs need, once for them all."""
    gc.disable()
    for package in PACKAGES:
        for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.endswith(".__main__") and ".migrations." not in module.name:
                import_module(module.name)
    for name in LATE:
        with suppress(ModuleNotFoundError):
            import_module(name)
    for name in MAINS:
        sys.modules.pop(name, None)  # run anew in each fork, as the program it is
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    prepare()
    born = Nursery(socket.socket(fileno=int(sys.argv[1]))).tend()
    if born is not None:
        live(born)
