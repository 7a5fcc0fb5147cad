from importlib import resources

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

from tests.adapters.postgres.server_view import fetch
from tests.builders import a_booking
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.migrations import SchemaMismatchError
from totetaxi_adapters.postgres.tables import METADATA
from totetaxi_core.unit_of_work import DatabaseUnavailableError

LAST_STEP_OF_0001 = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
OURS = "relname NOT LIKE 'procrastinate%' AND relname NOT LIKE 'alembic%'"
DEFINITIONS = f"""
    SELECT relname, conname, pg_get_constraintdef(con.oid, true) FROM pg_constraint con
        JOIN pg_class ON pg_class.oid = conrelid WHERE contype <> 't' AND {OURS}
    UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes
        JOIN pg_class ON relname = tablename WHERE schemaname = 'public' AND {OURS}
    UNION ALL SELECT relname, attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        AND NOT attisdropped AND {OURS}
    UNION ALL SELECT relname, relpersistence::text, '' FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND {OURS}
    ORDER BY 1, 2, 3
"""  # noqa: S608  our own names
QUEUE = """
    SELECT proname, pg_get_function_arguments(oid), prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%'
    UNION ALL SELECT relname, attname, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relname LIKE 'procrastinate%' AND attnum > 0 AND NOT attisdropped AND relkind = 'r'
    UNION ALL SELECT relname, tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE 'procrastinate%'
    ORDER BY 1, 2, 3
"""


def test_given_a_migrated_database_when_checked_then_it_is_what_the_tables_say(
    database_url: str, empty_database_url: str
) -> None:
    engine = create_engine(driver_url(empty_database_url))
    METADATA.create_all(engine)
    engine.dispose()

    migrations.check(database_url)
    migrated, described = (fetch(url, DEFINITIONS) for url in (database_url, empty_database_url))

    assert migrations.current(database_url) == migrations.newest() is not None
    assert migrated == described
    assert len(migrated) > 200


def test_given_a_changed_table_when_checked_then_the_difference_is_named(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE bookings DROP COLUMN special_instructions")

    with pytest.raises(SchemaMismatchError, match="special_instructions"):
        migrations.check(database_url)


def test_given_a_database_of_before_when_checked_then_it_is_refused(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision="0001")

    with pytest.raises(SchemaMismatchError, match="not up to date"):
        migrations.check(empty_database_url)


def test_given_a_queue_with_a_job_when_upgraded_then_the_job_stays(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision="0001")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('effects', 'kept')"
        )

    migrations.upgrade(empty_database_url)
    migrations.upgrade(empty_database_url)

    assert fetch(empty_database_url, "SELECT task_name FROM procrastinate_jobs") == [("kept",)]
    migrations.check(empty_database_url)


def test_given_procrastinates_own_schema_when_compared_then_its_steps_lead_to_the_same(
    database_url: str, empty_database_url: str
) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(SchemaManager.get_schema())

    migrated, own = (fetch(url, QUEUE) for url in (database_url, empty_database_url))
    steps = resources.files("procrastinate").joinpath("sql/migrations").iterdir()

    assert migrated == own
    assert max(step.name for step in steps if step.name.endswith(".sql")) == LAST_STEP_OF_0001


async def test_given_a_booking_when_downgraded_then_it_is_refused_and_all_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = a_booking()
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()

    with pytest.raises(SchemaMismatchError, match="has rows"):
        migrations.downgrade(database_url, revision="0001")

    migrations.check(database_url)
    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == booking


def test_given_no_data_when_downgraded_then_nothing_is_left_and_it_can_come_up_again(
    database_url: str,
) -> None:
    migrations.downgrade(database_url, revision="base")

    left = fetch(
        database_url,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
        " 'public'::regnamespace",
    )
    functions = fetch(
        database_url, "SELECT 1 FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    migrations.upgrade(database_url)

    assert left == [("alembic_version",)]
    assert functions == []
    migrations.check(database_url)


def test_given_no_server_when_upgraded_then_it_is_unavailable() -> None:
    with pytest.raises(DatabaseUnavailableError):
        migrations.upgrade("postgresql://nobody@127.0.0.1:1/none")
