"""The nightly backup, as cron starts it."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests.deploy.dockerfile import ROOT
from totetaxi_adapters.backup.archive import read_manifest

OLD: Final = [f"totetaxi-2026010{day}T000000Z.tar" for day in range(1, 4)]
A_DAY_AGO: Final = time.time() - 25 * 60 * 60
FAILS: Final = (
    '#!/bin/sh\necho "$*" >> "$0.log"\ntest "$2" != {step} || {{ echo no: $2; exit 1; }}\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with older backups, and a file that is somebody's own."""
    made = tmp_path / "my backups"
    made.mkdir()
    for name in (*OLD, "totetaxi-before-the-move.tar"):
        (made / name).touch()
    return made


def left_behind(folder: Path, file: str, inner: str) -> tuple[Path, Path]:
    """Make what a backup has in the folder while it runs; return both."""
    part, copy = folder / f"totetaxi-{file}.tar.part", folder / f".totetaxi-{inner}"
    part.touch()
    copy.mkdir()
    (copy / "database.dump").touch()
    return part, copy


def back_up(folder: Path, programs: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "deploy" / "nightly_backup.sh", folder, "2"],
        env={"PATH": f"{programs}:{os.environ['PATH']}", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_given_a_database_when_night_comes_then_a_file_that_restores_is_kept_with_the_newest(
    folder: Path, tmp_path: Path, database_url: str
) -> None:
    given = {"DATABASE_URL": database_url, "TOTETAXI_DATA_DIR": str(tmp_path)}

    done = back_up(folder, Path(sys.executable).parent, **given)

    made = Path(done.stdout.strip())
    assert (done.returncode, done.stderr) == (0, "")
    assert read_manifest(made).contents.migration is not None
    assert {path.name for path in folder.iterdir()} == {
        made.name,
        OLD[-1],
        "totetaxi-before-the-move.tar",
    }


def test_given_what_killed_backups_left_when_night_comes_then_only_that_of_a_day_ago_goes(
    folder: Path, tmp_path: Path
) -> None:
    (program := tmp_path / "totetaxi").write_text(FAILS.format(step="none"))
    program.chmod(0o755)
    kept = {folder / name for name in (*OLD[1:], "totetaxi-before-the-move.tar")}
    running = left_behind(folder, "20260104T000000Z", "run_ning")
    killed = left_behind(folder, "20260103T000000Z", "kil1_ed0")
    own = left_behind(folder, "by-hand", "others-folder")
    for path in (*killed, *own):
        os.utime(path, (A_DAY_AGO, A_DAY_AGO))

    done = back_up(folder, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert {*folder.iterdir()} == {*kept, *running, *own}


@pytest.mark.parametrize("step", ["backup", "verify"])
def test_given_a_step_that_fails_when_night_comes_then_it_says_why_and_removes_nothing(
    folder: Path, tmp_path: Path, step: str
) -> None:
    program = tmp_path / "totetaxi"
    program.write_text(FAILS.format(step=step))
    program.chmod(0o755)
    before = sorted(folder.iterdir())

    done = back_up(folder, tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"no: {step}\n")
    assert sorted(folder.iterdir()) == before
