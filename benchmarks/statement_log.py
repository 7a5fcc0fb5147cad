"""The statements of a transaction, as the server itself logged them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

LOG_ALL: Final = {"log_statement": "all", "log_error_verbosity": "default"}
ENTRY: Final = re.compile(r"^\d{4}-\d\d-\d\d .*?\[(\d+)\] (LOG|DETAIL):  (.*)$", re.DOTALL)
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
    found: list[list[LoggedStatement]] = []
    open_of: dict[str, list[LoggedStatement]] = {}
    for session, statement in _statements(log):
        open_one = open_of.setdefault(session, [])
        if statement.sql == BEGIN:
            open_of[session] = []
        elif statement.sql == COMMIT:
            if any(holding in one.sql for one in open_one):
                found.append(open_one)
        else:
            open_one.append(statement)
    return found


def _statements(log: str) -> Iterator[tuple[str, LoggedStatement]]:
    """Yield each statement with its session: others may have logged theirs in between."""
    waiting: dict[str, str] = {}
    for entry in NEW_ENTRY.split(log):
        read = ENTRY.match(entry)
        session, kind, text = read.groups() if read else ("", "", "")
        executed = EXECUTED.match(text)
        if kind == "LOG" and executed:
            if session in waiting:
                yield session, LoggedStatement(waiting[session], {})
            waiting[session] = executed[1].replace("\n\t", "\n").strip()
        elif kind == "DETAIL" and session in waiting:
            yield session, LoggedStatement(waiting.pop(session), dict(_parameters(text)))
    yield from ((session, LoggedStatement(sql, {})) for session, sql in waiting.items())


def _parameters(text: str) -> Iterator[tuple[int, str | None]]:
    for number, value in PARAMETER.findall(text.replace("\n\t", "\n")):
        is_null = f"${number} = NULL" in text
        yield int(number), None if is_null else value.replace("''", "'")
