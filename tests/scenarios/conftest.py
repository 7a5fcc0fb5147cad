"""Houses: one for a whole module, with its service running, and an empty one for a single test."""

from collections.abc import Iterator

import pytest

from tests.scenarios.child_process import ChildProcess
from tests.scenarios.house import House, open_house


@pytest.fixture(scope="module")
def shared_house(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house whose service, with its worker, runs for the whole module."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as opened:
        opened.start()
        yield opened


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The module's house, in which all goes well again after the test."""
    yield shared_house
    shared_house.stripe.repair()


@pytest.fixture
def empty_house(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house of the test's own, in which it starts what it wants."""
    with open_house(postgres_url, template, tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def service(empty_house: House) -> ChildProcess:
    return empty_house.start()
