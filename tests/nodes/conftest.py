"""Several nodes on one PostgreSQL of each version we support, behind nginx.

`make test-nodes` runs this, and installs the Debian packages it needs.
"""

from collections.abc import Iterator

import pytest

from tests.nodes.debian_postgres import debian_postgres
from tests.nodes.nodes import Nodes, open_nodes


@pytest.fixture(scope="session", params=["15", "18"])
def postgres_url(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[str]:
    """Give a server of the oldest version we support, and of the embedded one."""
    if request.param == "18":
        yield postgres_url
        return
    with debian_postgres(request.param) as url:
        yield url


@pytest.fixture(scope="module")
def nodes(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nodes]:
    """Two API processes and two workers, for the whole module."""
    with open_nodes(postgres_url, template, tmp_path_factory.mktemp("nodes")) as opened:
        yield opened


@pytest.fixture
def own_nodes(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nodes]:
    """Nodes for a test that kills some of them."""
    with open_nodes(postgres_url, template, tmp_path_factory.mktemp("nodes")) as opened:
        yield opened
