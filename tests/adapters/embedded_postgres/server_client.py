"""The tests' handle on client processes, and their view of what runs for a data folder."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

HERE = Path(__file__).parent
NOBODY = 65534
PATIENCE_S = 20.0
RUNNER_IS_ROOT = os.geteuid() == 0

UNSHARE = ("unshare", "--user")
AS_SOMEONE = () if not RUNNER_IS_ROOT else (*UNSHARE, "--map-user=65534", "--map-group=65534")
AS_ROOT = () if RUNNER_IS_ROOT else (*UNSHARE, "--map-root-user")
# A true change of account, which may still read an interpreter below a closed home.
AS_DAEMON = (
    *("setpriv", "--reuid=1", "--regid=1", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
AS_OTHER = AS_DAEMON if RUNNER_IS_ROOT else ()
OTHER = 1 if RUNNER_IS_ROOT else os.geteuid()
AS_NAMELESS = (*UNSHARE, "--map-user=54321", "--map-group=54321")
AS_CONFINED_ROOT = (*AS_ROOT, sys.executable, str(HERE / "without_namespaces.py"))
AS_ROOT_ALONE = (*UNSHARE, "--map-root-user", *AS_CONFINED_ROOT[len(AS_ROOT) :])


class Client:
    """A process with a lease on the server of `data_dir`, or its refusal, in `first`."""

    def __init__(
        self, data_dir: Path, *, role: tuple[str, ...] = (), modules: Path | None = None
    ) -> None:
        paths = (str(path) for path in (modules, HERE.parents[2] / "src") if path)
        self.process = subprocess.Popen(
            (*role, sys.executable, str(HERE / "client.py")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TEST_DATA_DIR": str(data_dir), "PYTHONPATH": ":".join(paths)},
        )
        self._first: dict[str, Any] | None = None

    @property
    def first(self) -> dict[str, Any]:
        if self._first is None:
            self._first = self._read()
        return self._first

    def ask(self, command: str) -> Any:  # noqa: ANN401  whatever the query gives
        self.first  # noqa: B018  waits for the lease
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self._read()

    def release(self) -> None:
        """Give the lease back and end; the process is over on return."""
        self.ask("release")
        self.end()

    def kill(self) -> None:
        self.process.kill()
        self.end()

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()

    def _read(self) -> Any:  # noqa: ANN401  whatever the query gives
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the client ended with {self.process.wait(PATIENCE_S)}"
        return json.loads(line)


class StartClient(Protocol):
    def __call__(
        self, name: str = "data", *, role: tuple[str, ...] = (), modules: Path | None = None
    ) -> Client: ...


def wait_until(condition: Callable[[], bool], *, within_s: float = PATIENCE_S) -> bool:
    """Tell whether the condition came true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def processes_of(data_dir: Path) -> set[int]:
    """Return every process that names the folder in its arguments or works in it."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return {pid for pid in pids if _is_of(pid, data_dir)}


def stopped(data_dir: Path, *, within_s: float = PATIENCE_S) -> bool:
    return wait_until(lambda: not processes_of(data_dir), within_s=within_s)


def supervisor_pid(data_dir: Path) -> int:
    return int(_state(data_dir)["supervisor_pid"])


def server_pid(data_dir: Path) -> int:
    return int(_state(data_dir)["server_pid"])


def kill(*pids: int) -> None:
    """Kill the processes, if they still run, and see them gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not any(_runs(pid) for pid in pids))


def kill_at_once(*pids: int) -> None:
    """Kill them so that none sees another's end: each stands still before the first dies."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    kill(*pids)


def _runs(pid: int) -> bool:
    """Tell whether the process runs; one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _state(data_dir: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((data_dir / "state.json").read_text())
    return state


def _is_of(pid: int, data_dir: Path) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        if os.fsencode(data_dir) in process.joinpath("cmdline").read_bytes():
            return True
        return process.joinpath("cwd").readlink().is_relative_to(data_dir)
    except OSError:
        return False
