import re
from importlib import resources
from typing import Final

import psycopg

ENUMERATION: Final = r"CREATE TYPE (\w+) AS ENUM \((.*?)\)"


def test_given_a_fresh_database_when_its_queue_is_looked_at_then_it_has_all_values_in_their_order(
    database_url: str,
) -> None:
    shipped = resources.files("procrastinate").joinpath("sql/schema.sql").read_text("utf-8")
    without_comments = re.sub("--.*", "", shipped)

    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT typname, array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_type"
            " JOIN pg_enum ON enumtypid = pg_type.oid GROUP BY typname"
        ).fetchall()

    expected = {
        created[1]: re.findall(r"'(\w+)'", created[2])
        for created in re.finditer(
            r"CREATE TYPE (\w+) AS ENUM \((.*?)\)", without_comments, re.DOTALL
        )
    }
    assert len(expected) == 2
    assert {name: labels for name, labels in found if name in expected} == expected
