"""The next version's migrations, while the version before serves guests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
import psycopg
import pytest

from benchmarks.service import service
from tests.conftest import SOAK, create_database, named
from tests.scenarios.crowd import crowd
from tests.scenarios.eventually import eventually
from tests.scenarios.house import House, free_port, open_house
from tests.scenarios.lock_watch import lock_watch
from tests.scenarios.version_trees import (
    VersionTree,
    newest_of_next,
    next_version,
    previous_version,
)
from totetaxi_adapters.postgres import migrations

BOOKINGS = 1_000_000 if SOAK else 100_000
MOST_S = 1.0
UPGRADE_S = 600
PATIENCE_S = 120
REFUSED_TWICE = 2
TRIED_AGAIN = b"the migration is tried again"


@dataclass(frozen=True, slots=True)
class Street:
    """A house of the version before, in use for years; a folder for what runs beside it."""

    house: House
    before: VersionTree
    folder: Path

    @contextmanager
    def serving(self, port: int) -> Iterator[str]:
        """Serve by the version before, with its worker, and give the URL."""
        if self.before.is_released:
            settings = {**self.house.environ, **self.before.path, "PORT": str(port)}
            with service(self.folder / f"data-{port}", **settings) as served:
                yield served.url
            return
        process = self.house.start(port=port)
        yield f"http://127.0.0.1:{port}"
        process.stop()


@pytest.fixture
def street(
    postgres_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    before = previous_version(folder)
    if before.is_released:
        template = migrated_by(before, postgres_url, folder)
    with open_house(postgres_url, template, folder) as house:
        before.fill(house.database_url, bookings=BOOKINGS)
        yield Street(house, before, folder)


def migrated_by(version: VersionTree, server_url: str, folder: Path) -> str:
    """Return the name of a database made by a version's own migrations."""
    create_database(server_url, "before")
    with (folder / "before.log").open("wb") as log:
        url = named(server_url, "before")
        assert version.upgrade({"DATABASE_URL": url}, log=log).wait(UPGRADE_S) == 0
    return "before"


def test_given_guests_and_a_long_read_when_the_next_version_migrates_then_no_request_fails(
    street: Street,
) -> None:
    house, log = street.house, street.folder / "upgrade.log"
    after = next_version(street.folder)

    with street.serving(house.port):
        with (
            crowd(house.url, stripe=house.stripe.base.removesuffix("/stripe")) as guests,
            lock_watch(house.database_url) as locks,
        ):
            guests.wait_for_more(5)
            ended = upgraded_amid_a_long_read(house.database_url, after, log)
            with street.serving(free_port()) as again:
                old_starts_anew = is_ready(again)
                guests.wait_for_more(5)
        confirmed = "SELECT count(*) AS n FROM bookings WHERE id = ANY(%s) AND status = 'confirmed'"
        eventually(
            lambda: house.rows(confirmed, guests.booked) == [{"n": len(guests.booked)}],
            within_s=PATIENCE_S,
        )

    assert (ended, old_starts_anew) == (0, True), log.read_text()
    assert migrations.current(house.database_url) == newest_of_next()
    assert guests.failures == []
    assert max(locks.held_s.values()) < MOST_S, locks.held_s
    assert max(locks.waited_s.values(), default=0) < MOST_S, locks.waited_s


def upgraded_amid_a_long_read(database_url: str, version: VersionTree, log: Path) -> int:
    """Return how the version's `db upgrade` ended; a read is over once it was in the way twice."""
    with log.open("wb") as output, psycopg.connect(database_url) as reader:
        reader.execute("SELECT FROM bookings LIMIT 1")  # as a backup or a report does
        upgrade = version.upgrade({"DATABASE_URL": database_url}, log=output)
        eventually(
            lambda: log.read_bytes().count(TRIED_AGAIN) >= REFUSED_TWICE, within_s=PATIENCE_S
        )
        reader.rollback()
        return upgrade.wait(UPGRADE_S)


def is_ready(url: str) -> bool:
    return (
        httpx.get(f"{url}/health/ready", trust_env=False, timeout=PATIENCE_S).status_code
        == HTTPStatus.OK
    )
