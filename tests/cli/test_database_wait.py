import pytest

from tests.cli.conftest import Runner
from tests.scenarios.house import free_port
from totetaxi_cli.database_wait import wait_for_database
from totetaxi_core.unit_of_work import DatabaseUnavailableError

PASSWORD = "hush-hush"


def test_given_nobody_listens_when_upgrading_with_patience_then_it_waits_and_says_why_it_gave_up(
    totetaxi: Runner,
) -> None:
    absent = f"postgresql://moe:{PASSWORD}@127.0.0.1:{free_port()}/totetaxi"

    done = totetaxi("db", "upgrade", "--wait", "0.2", DATABASE_URL=absent)

    first, last = done.errors
    assert done.code == 1
    assert first.startswith("waiting for the database: ")
    assert last.startswith("database_unavailable: no connection within 0.2 s: ")
    assert PASSWORD not in done.err


def test_given_an_empty_database_when_upgrading_with_patience_then_it_is_migrated_at_once(
    totetaxi: Runner, empty_database_url: str
) -> None:
    done = totetaxi("db", "upgrade", "--wait", "60", DATABASE_URL=empty_database_url)

    assert (done.code, done.err) == (0, "")
    assert "is at migration" in done.out


def test_given_no_patience_when_nobody_listens_then_it_tries_once() -> None:
    absent = f"postgresql://moe@127.0.0.1:{free_port()}/totetaxi"

    with pytest.raises(DatabaseUnavailableError, match="no connection within 0 s: "):
        wait_for_database(absent, within_s=0)
