"""The image's entrypoint and health check, as a container starts them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import make_url

from tests.deploy.dockerfile import ROOT, Folder
from tests.scenarios.eventually import eventually
from totetaxi_adapters.postgres.engine import libpq_url

START_S: Final = 120.0
STOP_S: Final = 60.0
ENTRYPOINT: Final = "/opt/totetaxi/deploy/entrypoint.sh"
HEALTH_CHECK: Final = "/opt/totetaxi/deploy/health_check.py"
DEAF_PORT: Final = "1"  # nobody listens there


class Container:
    """The entrypoint as a process, with the environment of a container."""

    def __init__(self, image: Folder, command: list[str], *, log: Path, **environ: str) -> None:
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [image.at(ENTRYPOINT), *command],
                env={**environment(image), **environ},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_for(self, words: str) -> str:
        """Return the first line with the words."""
        return eventually(lambda: self._line_with(words), within_s=START_S)

    def _line_with(self, words: str) -> str | None:
        text = self._log.read_text()
        assert self.process.poll() is None, text
        return next((line for line in text.splitlines() if words in line), None)

    @property
    def program(self) -> str:
        """Return what the process is now."""
        return Path(f"/proc/{self.process.pid}/cmdline").read_text().replace("\0", " ")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(STOP_S)


def environment(image: Folder) -> dict[str, str]:
    """Return what the Dockerfile sets, and a PATH with the image's programs first."""
    return {
        **image.environ,
        "PATH": f"{image.at('/opt/totetaxi/bin')}:{os.environ['PATH']}",
        "PORT": "0",
        "TOTETAXI_DATA_DIR": str(image.at("/var/lib/totetaxi")),
    }


@pytest.fixture
def late_folder() -> Iterator[Path]:
    """Name a folder that is not there yet, short enough for a Unix socket's path."""
    made = Path(tempfile.mkdtemp(prefix="tt-late-"))
    yield made / "run"
    shutil.rmtree(made)


def health_of(image: Folder, port: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [image.at(HEALTH_CHECK)],
        env={**environment(image), "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )


def test_given_a_database_that_comes_up_late_when_two_containers_start_then_both_serve_and_stop(
    image: Folder, empty_database_url: str, late_folder: Path, tmp_path: Path
) -> None:
    url = make_url(empty_database_url)
    late = url.update_query_dict({"host": str(late_folder)})
    given = {"DATABASE_URL": late.render_as_string(hide_password=False)}
    with ExitStack() as running:
        api = Container(image, ["serve", "--no-worker"], log=tmp_path / "api", **given)
        running.callback(api.kill)
        worker = Container(image, ["worker"], log=tmp_path / "worker", **given)
        running.callback(worker.kill)
        for one in (api, worker):
            one.wait_for("waiting for the database: ")

        late_folder.symlink_to(str(url.query["host"]))
        line = api.wait_for("ready: ")
        worker.wait_for("ready: worker")
        port = re.findall(r"127\.0\.0\.1:(\d+)/schema", line)[0]
        healthy, programs = health_of(image, port), (api.program, worker.program)
        ends = (api.stop(), worker.stop())
        gone = health_of(image, port)

    with psycopg.connect(libpq_url(empty_database_url)) as connection:
        migrated = connection.execute("SELECT count(*) FROM alembic_version").fetchone()
    assert (healthy.returncode, healthy.stdout) == (0, "200\n")
    assert all("/opt/totetaxi/bin/totetaxi" in program for program in programs)
    assert ends == (0, 0)
    assert (gone.returncode, gone.stdout[:20]) == (1, f"no answer on port {port}"[:20])
    assert migrated == (1,)


@pytest.mark.parametrize(
    ("command", "called"),
    [
        (["serve", "--no-worker"], ["db upgrade --wait 60", "serve --no-worker"]),
        (["worker"], ["db upgrade --wait 60", "worker"]),
        (["db", "upgrade"], ["db upgrade"]),
        (["staff", "create", "a b"], ["staff create a b"]),
    ],
)
def test_given_a_command_when_a_container_starts_then_only_what_stays_up_migrates_first(
    command: list[str], called: list[str], tmp_path: Path
) -> None:
    path = stand_in('echo "$*"', tmp_path)

    done = start(command, path)

    assert (done.returncode, done.stdout.splitlines()) == (0, called)


def test_given_a_database_that_never_answers_when_a_container_starts_then_it_ends_unserved(
    tmp_path: Path,
) -> None:
    path = stand_in('echo "$1"; test "$1" != db', tmp_path)

    done = start(["serve"], path)

    assert (done.returncode, done.stdout) == (1, "db\n")


def test_given_nobody_listens_when_health_is_checked_then_it_says_so_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "deploy" / "health_check.py"],
        env={"PORT": DEAF_PORT},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"no answer on port {DEAF_PORT}: ")


def stand_in(body: str, folder: Path) -> str:
    """Put a `totetaxi` that does only this in front of PATH."""
    program = folder / "totetaxi"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def start(command: list[str], path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy" / "entrypoint.sh", *command],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
