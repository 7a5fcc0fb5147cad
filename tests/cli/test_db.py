from tests.cli.conftest import Runner


def test_given_an_empty_database_when_checked_and_upgraded_then_it_says_how_it_stands(
    totetaxi: Runner, empty_database_url: str
) -> None:
    empty = {"DATABASE_URL": empty_database_url}

    behind = totetaxi("db", "check", **empty)
    upgraded = totetaxi("db", "upgrade", **empty)
    again = totetaxi("db", "upgrade", **empty)
    good = totetaxi("db", "check", **empty)

    assert behind.code == 1
    assert behind.err.startswith("database_outdated: the database is without any table")
    assert (upgraded.code, again.code, good.code) == (0, 0, 0)
    assert "already" in again.out
    assert "as this version needs" in good.out


def test_given_a_server_that_is_behind_when_a_command_runs_then_it_asks_for_the_upgrade(
    totetaxi: Runner, empty_database_url: str
) -> None:
    refused = totetaxi("pricebook", "show", DATABASE_URL=empty_database_url)

    assert refused.code == 1
    assert refused.err.startswith("database_outdated: ")
    assert "totetaxi db upgrade" in refused.err
