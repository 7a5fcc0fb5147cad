"""Members of staff, hired on the command line."""

from io import StringIO

import pytest

from tests.cli.conftest import Outcome, Runner

PASSWORD = "Correct-horse-1"


def hire(
    totetaxi: Runner,
    patch: pytest.MonkeyPatch,
    username: str,
    role: str,
    *options: str,
    password: str = PASSWORD,
) -> Outcome:
    """Create an account, its password on standard input."""
    patch.setattr("sys.stdin", StringIO(f"{password}\n"))
    person = {
        "--email": f"{username}@totetaxi.example",
        "--first-name": username.title(),
        "--last-name": "Lopez",
        "--role": role,
    }
    facts = [part for pair in person.items() for part in pair]
    return totetaxi("staff", "create", username, *facts, *options)
