"""The statements of a transaction, as the server itself logged them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

LOG_ALL: Final = {"log_statement": "all", "log_error_verbosity": "default"}
ENTRY: Final = re.compile(r"^\d{4}-\d\d-\d\d .*?\[\d+\] (LOG|DETAIL):  (.*)$", re.DOTALL)
NEW_ENTRY: Final = re.compile(r"\n(?!\t)")
EXECUTED: Final = re.compile(r"(?:statement|execute [^:]*): (.*)", re.DOTALL)
PARAMETER: Final = re.compile(r"\$(\d+) = (?:NULL|'((?:[^']|'')*)')")
BEGIN: Final = "BEGIN"
COMMIT: Final = "COMMIT"


@dataclass(frozen=True, slots=True)
class LoggedStatement:
    """`parameters` by number, from 1; None is NULL."""

    sql: str
    parameters: Mapping[int, str | None]


@contextmanager
def every_statement_logged(database_url: str) -> Iterator[None]:
    """Have the server log what connections opened from now on ask."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        for name, value in LOG_ALL.items():
            connection.execute(f"ALTER ROLE CURRENT_USER SET {name} = '{value}'")
        try:
            yield
        finally:
            for name in LOG_ALL:
                connection.execute(f"ALTER ROLE CURRENT_USER RESET {name}")


def transactions(log: str, *, holding: str) -> list[list[LoggedStatement]]:
    """Return each transaction, less BEGIN and COMMIT, in which some statement has `holding`."""
    found, open_one = [], list[LoggedStatement]()
    for statement in _statements(log):
        if statement.sql == BEGIN:
            open_one = []
        elif statement.sql == COMMIT:
            if any(holding in one.sql for one in open_one):
                found.append(open_one)
        else:
            open_one.append(statement)
    return found


def _statements(log: str) -> Iterator[LoggedStatement]:
    sql = ""
    for entry in NEW_ENTRY.split(log):
        read = ENTRY.match(entry)
        kind, text = read.groups() if read else ("", "")
        executed = EXECUTED.match(text)
        if kind == "LOG" and executed:
            if sql:
                yield LoggedStatement(sql, {})
            sql = executed[1].replace("\n\t", "\n").strip()
        elif kind == "DETAIL" and sql:
            yield LoggedStatement(sql, dict(_parameters(text)))
            sql = ""
    if sql:
        yield LoggedStatement(sql, {})


def _parameters(text: str) -> Iterator[tuple[int, str | None]]:
    for number, value in PARAMETER.findall(text.replace("\n\t", "\n")):
        is_null = f"${number} = NULL" in text
        yield int(number), None if is_null else value.replace("''", "'")
