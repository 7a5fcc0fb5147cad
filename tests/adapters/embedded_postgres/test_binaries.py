import subprocess

import pytest

from totetaxi_adapters.embedded_postgres import BinariesMissingError, find_program


@pytest.mark.parametrize("name", ["pg_dump", "pg_restore", "psql", "pgbench"])
def test_given_the_wheel_when_a_program_is_found_then_it_runs(name: str) -> None:
    program = find_program(name)

    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)

    assert told.stdout.startswith(f"{name} (PostgreSQL) 18.")


def test_given_the_wheel_when_it_lacks_a_program_then_the_error_says_what_to_install() -> None:
    with pytest.raises(BinariesMissingError) as raised:
        find_program("pg_nothing")

    assert raised.value.code == "postgres_binaries_missing"
    assert "totetaxi[embedded]" in str(raised.value)
