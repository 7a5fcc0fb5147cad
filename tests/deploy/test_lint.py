"""The files of the containers as linters read them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.dockerfile import ROOT

BIN = Path(sys.executable).parent
SCRIPTS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "deploy").glob("*.sh"))]
COMPOSE = ["check-jsonschema", "--builtin-schema", "vendor.compose-spec"]


def lint(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program, *arguments = words
    return subprocess.run(
        [BIN / program, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["hadolint", "Dockerfile"], id="hadolint"),
        pytest.param(["shellcheck", *SCRIPTS, ".ci/run"], id="shellcheck"),
        pytest.param([*COMPOSE, "compose.yaml"], id="compose"),
    ],
)
def test_given_the_files_when_linted_then_nothing_is_said(words: list[str]) -> None:
    done = lint(*words)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "name", "text"),
    [
        (["hadolint"], "Dockerfile", "FROM python\nRUN cd /tmp && sudo ls\n"),
        (["shellcheck"], "step.sh", "#!/bin/sh\nrm -rf $1/*\n"),
        (COMPOSE, "compose.yaml", "services: {api: {image: x, comand: serve}}\n"),
    ],
)
def test_given_a_faulty_file_when_linted_then_the_linter_refuses_it(
    words: list[str], name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)

    done = lint(*words, name, cwd=tmp_path)

    assert done.returncode == 1
