"""What a database holds: of each table how many rows and their digest, and what the ledger says."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs
import psycopg
from psycopg.sql import SQL, Identifier

from totetaxi_adapters.postgres.tables import ledger_postings, staff_acts

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

SCHEMAS: Final = ("public", "sandbox")
REVISIONS: Final = "public.alembic_version"
# A row's text depends on these.
AS_TEXT: Final = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
# Less those of extensions, and less unlogged ones: a crash may forget these anyway.
TABLES: Final = """
SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind = 'r' AND relpersistence = 'p' AND nspname = ANY(%s)
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
        AND objid = pg_class.oid AND deptype = 'e')
ORDER BY nspname, relname
"""
# The sum of 60 bits of every row's hash: the same in any order, on any server.
COUNT: Final = SQL("""
SELECT count(*), coalesce(sum(('x' || left(md5(one::text), 15))::bit(60)::bigint), 0)::text
FROM {}.{} AS one
""")


@attrs.frozen(kw_only=True)
class TableContents:
    """`digest` changes with any value of any row, not with their order."""

    rows: int
    digest: str


@attrs.frozen(kw_only=True)
class Contents:
    """`tables` by schema and name; `ledger_cents` by account, debits above zero.

    `acts_head` is the end of the chain of staff acts, as `audit verify` prints it.
    """

    migration: str | None
    tables: Mapping[str, TableContents]
    ledger_cents: Mapping[str, int]
    acts_head: str | None

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def ledger_sum_cents(self) -> int:
        """Zero, or the ledger is broken."""
        return sum(self.ledger_cents.values())

    def differences(self, other: "Contents") -> tuple[str, ...]:
        """Return the tables and facts that are not the same in both."""
        names = sorted(self.tables.keys() | other.tables.keys())
        differ = [name for name in names if self.tables.get(name) != other.tables.get(name)]
        facts = ("migration", "ledger_cents", "acts_head")
        differ += [name for name in facts if getattr(self, name) != getattr(other, name)]
        return tuple(differ)


def read_contents(connection: Connection) -> Contents:
    """Return what the connection's open transaction sees."""
    for statement in AS_TEXT:
        connection.execute(statement.encode())
    names = tables_of(connection)
    return Contents(
        migration=_migration(connection, names),
        tables={f"{schema}.{name}": _counted(connection, schema, name) for schema, name in names},
        ledger_cents=_ledger(connection, names),
        acts_head=_acts_head(connection, names),
    )


def tables_of(
    connection: Connection, schemas: Sequence[str] = SCHEMAS
) -> tuple[tuple[str, str], ...]:
    """Return schema and name of every table that is ours to keep."""
    found = connection.execute(TABLES.encode(), ([*schemas],)).fetchall()
    return tuple((str(schema), str(name)) for schema, name in found)


def _counted(connection: Connection, schema: str, name: str) -> TableContents:
    statement = COUNT.format(Identifier(schema), Identifier(name))
    rows, digest = connection.execute(statement).fetchone() or (0, "0")
    return TableContents(rows=rows, digest=digest)


def _migration(connection: Connection, names: tuple[tuple[str, str], ...]) -> str | None:
    if ("public", REVISIONS.removeprefix("public.")) not in names:
        return None
    row = connection.execute(b"SELECT version_num FROM public.alembic_version").fetchone()
    return None if row is None else str(row[0])


def _ledger(connection: Connection, names: tuple[tuple[str, str], ...]) -> Mapping[str, int]:
    if ("public", ledger_postings.name) not in names:
        return {}
    statement = (
        b"SELECT account, sum(amount_cents)::bigint FROM public.ledger_postings"
        b" GROUP BY account ORDER BY account"
    )
    return {str(account): int(cents) for account, cents in connection.execute(statement)}


def _acts_head(connection: Connection, names: tuple[tuple[str, str], ...]) -> str | None:
    if ("public", staff_acts.name) not in names:
        return None
    statement = b"SELECT position, digest FROM public.staff_acts ORDER BY position DESC LIMIT 1"
    row = connection.execute(statement).fetchone()
    return None if row is None else f"{row[0]}:{row[1]}"
