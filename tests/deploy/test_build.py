"""What the Dockerfile's steps make, and that its check of the result can fail."""

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.deploy.dockerfile import ROOT, Folder

CHECK = "deploy/check_image.py"


def bare_path(folder: Path, image: Folder) -> str:
    """Return a PATH with the image's programs and those of a bare system."""
    folder.mkdir()
    for name in ("env", "sh"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return f"{image.at('/opt/totetaxi/bin')}:{folder}"


def check_image() -> ModuleType:
    spec = spec_from_file_location("check_image", ROOT / CHECK)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_given_the_built_image_when_checked_then_all_of_it_can_be_imported_without_a_compiler(
    image: Folder, tmp_path: Path
) -> None:
    path = bare_path(tmp_path / "bin", image)

    checked = image.run([CHECK], path=path)
    python = image.run(
        ["/opt/totetaxi/bin/python", "-c", "import totetaxi_core; print(totetaxi_core.__file__)"],
        path=path,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
    assert python.stdout.startswith(str(image.at("/opt/totetaxi/lib")))


def test_given_a_compiler_when_checked_then_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = check_image()
    monkeypatch.setattr(module, "PACKAGES", ())
    compiler = tmp_path / "gcc"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    told = list(module.faults(account=False))

    assert told == [f"a compiler is here: {compiler}"]


def test_given_nothing_is_installed_when_the_build_checks_then_it_stops_and_names_all() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", ROOT / CHECK], capture_output=True, text=True, check=False
    )

    lines = done.stderr.splitlines()
    assert done.returncode == 1
    assert "totetaxi_core cannot be imported: No module named 'totetaxi_core'" in lines
    assert "vroom cannot be imported: No module named 'vroom'" in lines


def test_given_a_package_that_is_missing_when_checked_then_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = check_image()
    monkeypatch.setattr(module, "COMPILERS", ())
    monkeypatch.setattr(module, "PACKAGES", ())
    monkeypatch.setattr(module, "BY_NAME", ("json", "no_such_package"))

    told = list(module.faults(account=False))

    assert told == ["no_such_package cannot be imported: No module named 'no_such_package'"]


def test_given_root_when_the_account_is_checked_then_everything_it_may_do_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = check_image()
    monkeypatch.setattr(module, "NOT_OURS_TO_WRITE", (str(tmp_path),))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("TOTETAXI_DATA_DIR", str(tmp_path / "none"))

    told = list(module.account_faults())

    assert told == [
        "it runs as root",
        f"the account may write {tmp_path}",
        f"the account may not write its data folder '{tmp_path / 'none'}'",
    ]


def test_given_a_root_folder_when_the_account_is_made_then_its_data_folder_is_its_own(
    image: Folder, tmp_path: Path
) -> None:
    (tmp_path / "etc").mkdir()
    uid, gid = os.getuid(), os.getgid()

    subprocess.run(
        [image.at("deploy/make_account.sh"), f"{tmp_path}/", str(uid), str(gid)], check=True
    )

    data = tmp_path / "var/lib/totetaxi"
    user = (tmp_path / "etc/passwd").read_text()
    assert user == f"totetaxi:x:{uid}:{gid}:ToteTaxi:/var/lib/totetaxi:/usr/sbin/nologin\n"
    assert (tmp_path / "etc/group").read_text() == f"totetaxi:x:{gid}:\n"
    assert data.stat().st_mode & 0o777 == 0o750
    assert (data.stat().st_uid, data.stat().st_gid) == (uid, gid)
