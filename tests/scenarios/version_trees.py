"""The code of other versions, each in a folder of its own, and its programs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from benchmarks.stored_bookings import store_bookings
from totetaxi_adapters.postgres import migrations

ROOT: Final = Path(__file__).parents[2]
PATIENCE_S: Final = 1_800
RELEASE: Final = "release"
NEXT: Final = Path(__file__).with_name("next_version")
VERSIONS: Final = Path("src/totetaxi_adapters/postgres/migrations/versions")
FILL: Final = (
    "import sys; from benchmarks.stored_bookings import store_bookings;"
    " store_bookings(sys.argv[1], int(sys.argv[2]))"
)


@dataclass(frozen=True, slots=True)
class VersionTree:
    """A version's `src` and `benchmarks` below `folder`."""

    folder: Path

    @property
    def path(self) -> dict[str, str]:
        """Return the setting by which Python takes this version's code."""
        return {"PYTHONPATH": str(self.folder / "src")}

    @property
    def is_released(self) -> bool:
        """Tell whether this is another version's code than that of the tests."""
        return self.folder.name == RELEASE

    def upgrade(self, environ: Mapping[str, str], *, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start `totetaxi db upgrade` of this version."""
        script = str(Path(sys.executable).with_name("totetaxi"))
        return subprocess.Popen(
            [script, "db", "upgrade"],
            env=os.environ | environ | self.path,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def fill(self, database_url: str, *, bookings: int) -> None:
        """Store so many bookings, as this version stores them."""
        if not self.is_released:
            store_bookings(database_url, bookings)
            return
        subprocess.run(
            [sys.executable, "-c", FILL, database_url, str(bookings)],
            env=os.environ | self.path,
            cwd=self.folder,
            check=True,
            timeout=PATIENCE_S,
        )


def previous_version(folder: Path) -> VersionTree:
    """Return the newest release the repository has; without one, this version."""
    tag = _git("tag", "--list", "v[0-9]*", "--sort=-version:refname").partition("\n")[0]
    if not tag:
        return VersionTree(ROOT)
    archive = folder / "release.tar"
    _git("archive", "--output", str(archive), tag, "src", "benchmarks")
    shutil.unpack_archive(archive, folder / RELEASE, filter="data")
    return VersionTree(folder / RELEASE)


def next_version(folder: Path) -> VersionTree:
    """Return this version with the migrations of `next_version` after its own."""
    tree = folder / "next"
    unneeded = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tree / "src", ignore=unneeded)
    for one in NEXT.glob("*.py"):
        text = one.read_text().replace('"NEWEST"', f'"{migrations.newest()}"')
        (tree / VERSIONS / one.name).write_text(text)
    return VersionTree(tree)


def newest_of_next() -> str:
    return max(one.name for one in NEXT.glob("*.py")).partition("_")[0]


def _git(*arguments: str) -> str:
    """Return what git says; nothing where there is no git, or no repository."""
    try:
        answer = subprocess.run(
            ["git", *arguments],  # noqa: S607  whichever the machine has
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    return answer.stdout if answer.returncode == 0 else ""
