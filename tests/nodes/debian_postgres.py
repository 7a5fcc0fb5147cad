"""A PostgreSQL of another version than the embedded one, by Debian's programs."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from tests.scenarios.eventually import eventually

PROGRAMS: Final = "/usr/lib/postgresql/{version}/bin"
OWNER: Final = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
INITDB_OPTIONS: Final = (
    *("--username", "totetaxi", "--auth", "trust", "--encoding", "UTF8"),
    *("--locale", "C.UTF-8", "--no-sync"),
)
START_S: Final = 60
UNSAFE_AND_FAST: Final = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def debian_postgres(version: str) -> Iterator[str]:
    """Give the URL of a server that listens on a socket alone, and is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tt-nodes-"))
    folder.chmod(0o755)
    if OWNER is not None:
        shutil.chown(folder, OWNER)
    programs = Path(PROGRAMS.format(version=version))
    subprocess.run(
        (programs / "initdb", "-D", folder / "data", *INITDB_OPTIONS),
        user=OWNER,
        cwd="/",
        check=True,
        capture_output=True,
    )
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder)}
    settings |= dict.fromkeys(UNSAFE_AND_FAST, "off")
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            (programs / "postgres", "-D", folder / "data", *options),
            user=OWNER,
            cwd="/",
            stdout=log,
            stderr=log,
        )
    try:
        eventually((folder / ".s.PGSQL.5432").exists, within_s=START_S)
        url = f"postgresql://totetaxi@/postgres?host={quote(str(folder), safe='')}"
        eventually(lambda: _is_ready(programs, folder), within_s=START_S)
        yield url
    finally:
        server.terminate()
        server.wait(START_S)
        shutil.rmtree(folder)


def _is_ready(programs: Path, folder: Path) -> bool:
    command = (programs / "pg_isready", "-h", folder, "-U", "totetaxi", "-q")
    return subprocess.run(command, check=False).returncode == 0
