#!/usr/bin/env python3
"""Say what is wrong with a finished image, seen from inside, and exit 1; exit 0 if nothing is.

No compiler is in it, and every module of ours finds what it imports, shared libraries included.
`--account` also asks that it be run as an account that is not root and may write only its own data.
"""

import os
import pkgutil
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module

COMPILERS = ("cc", "gcc", "g++", "c++", "clang", "ld", "as", "make", "cargo", "rustc", "go")
PACKAGES = ("totetaxi_core", "totetaxi_adapters", "totetaxi_http", "totetaxi_cli")
BY_NAME = ("vroom", "uvloop", "sqlalchemy.dialects.postgresql.psycopg")
NOT_OURS_TO_WRITE = ("/", "/opt/totetaxi", "/etc")


def faults(*, account: bool) -> Iterator[str]:
    """Yield one line for each."""
    for name in COMPILERS:
        if found := shutil.which(name):
            yield f"a compiler is here: {found}"
    for name in (*BY_NAME, *PACKAGES):
        yield from import_faults(name)
    for name in submodules():
        yield from import_faults(name)
    if account:
        yield from account_faults()


def import_faults(name: str) -> Iterator[str]:
    try:
        import_module(name)
    except ImportError as error:
        yield f"{name} cannot be imported: {error}"


def submodules() -> Iterator[str]:
    """Yield those of the packages that are here, less those that run when imported."""
    for package in PACKAGES:
        places = getattr(sys.modules.get(package), "__path__", ())
        for module in pkgutil.walk_packages(places, f"{package}."):
            if not module.name.endswith(".__main__") and ".migrations." not in module.name:
                yield module.name


def account_faults() -> Iterator[str]:
    if os.geteuid() == 0:
        yield "it runs as root"
    for folder in NOT_OURS_TO_WRITE:
        if os.access(folder, os.W_OK):
            yield f"the account may write {folder}"
    data = os.environ.get("TOTETAXI_DATA_DIR", "")
    if not os.access(data, os.W_OK):
        yield f"the account may not write its data folder {data!r}"


if __name__ == "__main__":
    told = list(faults(account="--account" in sys.argv[1:]))
    for line in told:
        print(line, file=sys.stderr)  # noqa: T201  the build shows it
    sys.exit(bool(told))
