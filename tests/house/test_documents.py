"""What is generated is what stands in docs/, and the tests they name are there."""

import re
from pathlib import Path

import pytest

from totetaxi_adapters.settings_table import settings_table
from totetaxi_cli.permission_table import permission_table
from totetaxi_http.api_table import api_table

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
# How many tests each names at least: one for every arrow of the payments, several for each item.
NAMED = {"payments.md": 17, "security.md": 60}


def test_given_the_settings_when_documented_then_the_table_is_theirs() -> None:
    document = (DOCS / "operations.md").read_text()

    made = settings_table()

    assert document.endswith(made)


def test_given_the_api_when_documented_then_every_operation_stands_there() -> None:
    document = (DOCS / "api.md").read_text()

    made = api_table()

    assert document == made


@pytest.mark.parametrize(("document", "least"), NAMED.items())
def test_given_the_documents_when_they_name_a_test_then_there_is_one(
    document: str, least: int
) -> None:
    named = re.findall(r"`(test_given_\w+)`", (DOCS / document).read_text())

    written = {
        name
        for module in TESTS.rglob("test_*.py")
        for name in re.findall(r"def (test_given_\w+)", module.read_text())
    }

    assert len(named) >= least
    assert [name for name in named if name not in written] == []


def test_given_the_permissions_when_documented_then_the_table_is_the_core_s() -> None:
    document = (DOCS / "permissions.md").read_text()

    made = permission_table()

    assert document == made
