"""An environment with what a lock names, made of links to what is installed here already.

It stands where `install_lock.sh` would have put the same; only what the lock names is in it.
"""

import os
import re
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.markers import Marker

PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)(?:\s*;\s*(.+?))?\s*\\$", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    """Return the versions the lock asks for on this machine, by name."""
    return {
        name: version
        for name, version, marker in PINNED.findall(lock.read_text())
        if not marker or Marker(marker).evaluate()
    }


def prepare(lock: Path, target: Path) -> None:
    """Make the environment; what is installed must be of the lock's versions."""
    venv.create(target, with_pip=False)
    folder = target / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    for name, version in pins(lock).items():
        found = distribution(name)
        assert found.version == version, f"{name} here is {found.version}, the lock has {version}"
        for top in tops(found):
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))))


def tops(found: Distribution) -> set[str]:
    """Return the folders and files it has beside its neighbours."""
    parts = {file.parts[0] for file in found.files or ()}
    return {part for part in parts if part not in {os.pardir, "__pycache__"}}
