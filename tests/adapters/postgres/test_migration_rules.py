"""Each migration after the baseline, held against the rule of docs/operations.md, "Upgrades"."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext

from tests.adapters.postgres.migration_rules import BASELINE, MigrationRules
from tests.adapters.postgres.server_view import fetch
from totetaxi_adapters.postgres import migrations

ALEMBIC = "alembic_version"
RAISES_THE_FLOOR = "INSERT INTO alembic_oldest_version"
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
RULES = MigrationRules(standing=frozenset({"bookings", "messages"}))
ALLOWED = (
    "ALTER TABLE bookings ADD COLUMN floor INTEGER",
    "ALTER TABLE bookings ADD COLUMN floor INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE bookings ADD COLUMN floors TEXT[] DEFAULT '{}'::text[] NOT NULL",
    "ALTER TABLE bookings ADD COLUMN since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL",
    "ALTER TABLE bookings ADD CONSTRAINT ck_bookings_floor CHECK (floor >= 0) NOT VALID",
    "ALTER TABLE bookings ADD CONSTRAINT fk FOREIGN KEY(van_id) REFERENCES vans (id) NOT VALID",
    "ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_floor",
    "ALTER TABLE bookings ADD CONSTRAINT uq_bookings_van UNIQUE USING INDEX ix_bookings_van",
    "ALTER TABLE bookings ALTER COLUMN floor SET DEFAULT 1",
    "ALTER TABLE bookings ALTER COLUMN floor DROP NOT NULL",
    "ALTER TABLE bookings DROP CONSTRAINT ck_bookings_floor",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON bookings (floor)",
    "DROP INDEX CONCURRENTLY ix",
    "CREATE TABLE vans (id UUID NOT NULL, PRIMARY KEY (id))",
    "CREATE UNIQUE INDEX uq_vans_plate ON vans (plate)",
    "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON vans EXECUTE FUNCTION refuse()",
    "UPDATE alembic_version SET version_num='0024'",
)
BROKEN = (
    ("ALTER TABLE bookings DROP COLUMN floor", "drops a column"),
    ("ALTER TABLE public.bookings RENAME COLUMN floor TO level", "renames"),
    ("ALTER TABLE bookings RENAME TO moves", "renames"),
    ("DROP TABLE messages", "drops a table"),
    ("ALTER TABLE bookings ALTER COLUMN floor TYPE BIGINT", "changes a type"),
    ("ALTER TABLE bookings ALTER COLUMN floor SET NOT NULL", "SET NOT NULL"),
    ("ALTER TABLE bookings ADD COLUMN floor INTEGER NOT NULL", "without a default"),
    ("ALTER TABLE bookings ADD COLUMN key UUID DEFAULT gen_random_uuid()", "each row"),
    ("ALTER TABLE bookings ADD COLUMN key INTEGER UNIQUE", "reads the table"),
    ("ALTER TABLE bookings ADD COLUMN n INTEGER GENERATED ALWAYS AS (1) STORED", "generated"),
    ("ALTER TABLE bookings ADD CONSTRAINT ck CHECK (floor >= 0)", "NOT VALID"),
    ("ALTER TABLE bookings ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES vans (id)", "NOT VALID"),
    ("ALTER TABLE bookings ADD CONSTRAINT uq UNIQUE (floor)", "concurrently before"),
    ("CREATE INDEX ix ON bookings (floor)", "concurrent_index"),
    ("CREATE UNIQUE INDEX uq ON messages (id) WHERE id > 0", "concurrent_index"),
    ("DROP INDEX ix_bookings_created_at_id", "concurrent_index"),
    ("UPDATE bookings SET floor = 0", "in batches"),
    ("DELETE FROM messages WHERE true", "in batches"),
    ("LOCK TABLE bookings IN ACCESS EXCLUSIVE MODE", "locked"),
)


@pytest.mark.parametrize("statement", ALLOWED)
def test_given_what_disturbs_nobody_when_checked_then_nothing_is_found(statement: str) -> None:
    assert RULES.broken_by([statement]) == []


@pytest.mark.parametrize(("statement", "fault"), BROKEN)
def test_given_what_breaks_the_rule_when_checked_then_it_is_named(
    statement: str, fault: str
) -> None:
    found = RULES.broken_by([statement])

    assert len(found) == 1
    assert fault in found[0]


def test_given_a_contract_when_it_takes_away_then_that_is_allowed_and_no_more() -> None:
    rules = MigrationRules(standing=frozenset({"bookings"}), is_contract=True)

    assert rules.broken_by(["ALTER TABLE bookings DROP COLUMN floor"]) == []
    assert rules.broken_by(["DROP TABLE bookings"]) == []
    assert len(rules.broken_by(["ALTER TABLE bookings ALTER COLUMN floor SET NOT NULL"])) == 1


def test_given_statements_that_do_not_go_together_when_checked_then_it_is_told() -> None:
    unvalidated = "ALTER TABLE bookings ADD CONSTRAINT ck CHECK (floor >= 0) NOT VALID"
    validated = "ALTER TABLE bookings VALIDATE CONSTRAINT ck"
    index = "CREATE INDEX CONCURRENTLY ix ON bookings (floor)"

    locked = RULES.broken_by([unvalidated, validated])
    beside = RULES.broken_by(["ALTER TABLE bookings ADD COLUMN floor INTEGER", index])

    assert locked == ["bookings: validated while it is locked: do it in the next migration"]
    assert beside == [
        "an index is made concurrently beside other changes: give it its own migration"
    ]


def test_given_locks_one_after_another_when_checked_then_the_one_that_may_deadlock_is_told() -> (
    None
):
    column = "ALTER TABLE bookings ADD COLUMN van_id UUID"
    other = "ALTER TABLE messages ADD COLUMN van_id UUID"
    refers = "CREATE TABLE vans (id UUID, FOREIGN KEY(id) REFERENCES bookings (id))"

    assert RULES.broken_by([column, column, refers]) == []
    assert RULES.broken_by([column, other]) == [
        "messages: locked while another table is: give it its own migration"
    ]
    assert RULES.broken_by([refers, column]) == [
        "bookings: locked more strongly than before: begin with that"
    ]


def test_given_the_migrations_after_the_baseline_when_run_then_each_keeps_the_rule(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision=BASELINE)
    found = {}

    for script in later_migrations():
        standing = frozenset(name for (name,) in fetch(empty_database_url, TABLES)) - {ALEMBIC}
        with statements_seen() as statements:
            migrations.upgrade(empty_database_url, revision=script.revision)
        is_contract = any(RAISES_THE_FLOOR in one for one in statements)
        found[script.revision] = MigrationRules(standing, is_contract).broken_by(statements)

    assert {revision: faults for revision, faults in found.items() if faults} == {}
    assert migrations.current(empty_database_url) == migrations.newest()


def later_migrations() -> list[Script]:
    scripts = ScriptDirectory(str(migrations.__path__[0]))
    return [*scripts.walk_revisions(BASELINE, "head")][:-1][::-1]


@contextmanager
def statements_seen() -> Iterator[list[str]]:
    """Give what goes to the server, by SQLAlchemy or by the driver alone."""
    seen: list[str] = []

    def see(
        _connection: Connection,
        _cursor: DBAPICursor,
        statement: str,
        _parameters: object,
        _context: ExecutionContext | None,
        _many: bool,  # noqa: FBT001
    ) -> None:
        seen.append(statement)

    execute: Callable[..., object] = psycopg.Connection.execute

    def execute_seen(connection: object, query: object, *rest: object) -> object:
        seen.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(connection, query, *rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(psycopg.Connection, "execute", execute_seen)
        event.listen(Engine, "before_cursor_execute", see)
        yield seen
        event.remove(Engine, "before_cursor_execute", see)
