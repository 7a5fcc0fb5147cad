"""What is generated is what stands in docs/."""

from pathlib import Path

from totetaxi_adapters.settings_table import settings_table
from totetaxi_http.api_table import api_table

DOCS = Path(__file__).parents[2] / "docs"


def test_given_the_settings_when_documented_then_the_table_is_theirs() -> None:
    document = (DOCS / "operations.md").read_text()

    made = settings_table()

    assert document.endswith(made)


def test_given_the_api_when_documented_then_every_operation_stands_there() -> None:
    document = (DOCS / "api.md").read_text()

    made = api_table()

    assert document == made
