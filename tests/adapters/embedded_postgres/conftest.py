import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.adapters.embedded_postgres.server_client import Client, StartClient, stopped
from totetaxi_adapters.embedded_postgres import EmbeddedPostgres


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder anyone may pass through, unlike `tmp_path`; no server may outlive the test."""
    made = Path(tempfile.mkdtemp(prefix="tt-"))
    made.chmod(0o755)
    yield made
    assert stopped(made)
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def cluster_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster's files, made once: copying them is faster than making them anew."""
    data = tmp_path_factory.mktemp("embedded_postgres")
    EmbeddedPostgres(data).acquire().release()
    return data / "cluster"


@pytest.fixture
def made_cluster(place: Path, cluster_template: Path) -> None:
    """Spare the test the first start: `data` has its cluster already."""
    (place / "data").mkdir(mode=0o700)
    shutil.copytree(cluster_template, place / "data" / "cluster")


@pytest.fixture
def start_client(place: Path) -> Iterator[StartClient]:
    """Start clients in that folder; what is left of them is killed at the end of the test."""
    with ExitStack() as clients:

        def start(
            name: str = "data", *, role: tuple[str, ...] = (), modules: Path | None = None
        ) -> Client:
            client = Client(place / name, role=role, modules=modules)
            clients.callback(client.kill)
            return client

        yield start
