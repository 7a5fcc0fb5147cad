"""The image's files, built by the Dockerfile's own steps in a folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SOAK
from tests.deploy.dockerfile import ROOT, Folder, Step, stages
from tests.deploy.prepared import prepare

INSTALL_LOCK = "deploy/install_lock.sh"


@pytest.fixture(scope="session")
def image() -> Iterator[Folder]:
    """Take the steps of both stages; the locks are installed anew only in `make soak`."""
    root = Path(tempfile.mkdtemp(prefix="tt-image-"))
    first, last = stages()
    built = Folder(root)
    for step in first:
        if is_lock(step) and not SOAK:
            _, lock, target = step.plain
            prepare(ROOT / lock, built.at(target))
        else:
            built.take(step)
    finished = Folder(root)
    for step in last:
        if step.instruction != "RUN":  # each is a test of its own: they need the image's account
            finished.take(step)
    yield finished
    shutil.rmtree(root)


def is_lock(step: Step) -> bool:
    return step.instruction == "RUN" and step.plain[0] == INSTALL_LOCK
