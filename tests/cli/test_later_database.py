"""A database that a later version has migrated, as an old node finds it amid an upgrade."""

import psycopg
from sqlalchemy import create_engine

from tests.cli.conftest import Runner
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.migrations import SchemaState
from totetaxi_adapters.postgres.migrations.oldest_version import serve_only_from


def migrate_later(database_url: str, *, oldest: str | None = None) -> None:
    """Leave the database as a later version's migration 9999 does."""
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    if oldest is not None:
        engine = create_engine(driver_url(database_url))
        with engine.begin() as begun:
            serve_only_from(begun, "0001")
            serve_only_from(begun, oldest)
        engine.dispose()


def test_given_later_migrations_that_only_add_when_this_version_runs_then_it_works(
    totetaxi: Runner, database_url: str
) -> None:
    later = {"DATABASE_URL": database_url}
    migrate_later(database_url)

    works = totetaxi("pricebook", "show", **later)
    checked = totetaxi("db", "check", **later)
    upgraded = totetaxi("db", "upgrade", **later)

    assert (works.code, checked.code, upgraded.code) == (0, 0, 0)
    assert "9999, of a later version, and serves this one as well" in checked.out
    assert "9999, of a later version, and serves this one as well" in upgraded.out
    assert migrations.current(database_url) == "9999"


def test_given_a_later_migration_that_takes_away_when_this_version_runs_then_it_is_refused(
    totetaxi: Runner, database_url: str
) -> None:
    later = {"DATABASE_URL": database_url}
    migrate_later(database_url, oldest="9999")

    answers = [
        totetaxi(*words, **later)
        for words in (("pricebook", "show"), ("db", "check"), ("db", "upgrade"))
    ]

    assert [answer.code for answer in answers] == [1, 1, 1]
    assert all(answer.err.startswith("database_too_new: ") for answer in answers)
    assert "install that version" in answers[0].err


def test_given_a_migration_that_takes_away_and_is_ours_when_asked_then_the_database_is_current(
    database_url: str,
) -> None:
    engine = create_engine(driver_url(database_url))
    with engine.begin() as connection:
        serve_only_from(connection, "0023")
    engine.dispose()

    assert migrations.state(database_url) is SchemaState.CURRENT
    migrations.check(database_url)
