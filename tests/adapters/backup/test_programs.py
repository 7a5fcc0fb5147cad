from pathlib import Path

import pytest

from totetaxi_adapters.backup import programs
from totetaxi_adapters.backup.errors import (
    PostgresProgramError,
    PostgresProgramMissingError,
    UnpassableSettingError,
)
from totetaxi_adapters.backup.programs import DUMP, program, run
from totetaxi_adapters.embedded_postgres import BinariesMissingError

URL = "postgresql://ada:p%40ss%20word@db.example.com:5433/house?sslmode=require&keepalives=1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the only programs of this machine are: for two versions, and on PATH."""

    def none_embedded(name: str) -> Path:
        raise BinariesMissingError.of(name)

    monkeypatch.setattr(programs, "find_program", none_embedded)
    monkeypatch.setattr(programs, "FOLDERS", (str(tmp_path / "{major}"),))
    monkeypatch.setenv("PATH", f"{tmp_path / 'path'}:/usr/bin:/bin")
    return tmp_path


def a_program(folder: Path, version: str, *, name: str = DUMP) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" && exit\n'
        'echo "$@"; env; [ "$2" = fail ] && echo "why it failed" >&2 && exit 1; exit 0\n'
    )
    path.chmod(0o755)
    return path


def test_given_programs_of_several_versions_when_one_is_asked_for_then_its_major_fits(
    folder: Path,
) -> None:
    sixteen = a_program(folder / "16", "16.4 (Debian 16.4-1)")
    seventeen = a_program(folder / "path", "17.2")

    assert program(DUMP, major=16) == sixteen
    assert program(DUMP, major=17) == seventeen
    assert program(DUMP, major=15, or_newer=True) == seventeen
    with pytest.raises(PostgresProgramMissingError, match="postgresql-client-15"):
        program(DUMP, major=15)


def test_given_a_url_with_a_password_when_a_program_runs_then_no_argument_shows_it(
    folder: Path,
) -> None:
    printed = run(a_program(folder / "path", "17.2"), "--quiet", database_url=URL)

    arguments, *environ = printed.splitlines()
    assert "p@ss word" not in arguments
    assert "keepalives=1" in arguments
    assert "dbname=house" in arguments
    assert {"PGPASSWORD=p@ss word", "PGHOST=db.example.com", "PGSSLMODE=require"} <= set(environ)


def test_given_a_secret_that_has_no_variable_when_a_program_would_run_then_it_is_refused(
    folder: Path,
) -> None:
    path = a_program(folder / "path", "17.2")

    with pytest.raises(UnpassableSettingError, match="sslpassword") as refused:
        run(path, database_url=f"{URL}&sslpassword=hush")

    assert "hush" not in str(refused.value)


def test_given_a_program_that_fails_when_run_then_its_last_words_are_told(folder: Path) -> None:
    path = a_program(folder / "path", "17.2")

    with pytest.raises(PostgresProgramError, match="pg_dump failed: why it failed"):
        run(path, "to", "fail")
