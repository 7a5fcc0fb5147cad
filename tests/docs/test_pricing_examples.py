"""Works out every example of docs/pricing.md and compares it with the table beneath it."""

import json
import re
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from totetaxi_core import (
    InvalidInputError,
    PriceAdjustment,
    PriceBook,
    QuoteLine,
    QuoteRequest,
    ServiceType,
    SpecialtyChoice,
    quote,
)
from totetaxi_core.money import dollars

PRODUCT = Path(__file__).parents[2]
DOCUMENT = (PRODUCT / "docs" / "pricing.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"^### ([^\n]+)\n.*?```json\n(.*?)```\n\n((?:\|[^\n]*\|\n)+)", re.MULTILINE | re.DOTALL
)
EXAMPLES = [
    pytest.param(json.loads(body), table, id=name)
    for name, body, table in EXAMPLE.findall(DOCUMENT)
]
CODE_ID = "20a06cc3-030b-5e19-a4a5-9213f7fbca46"
Body = dict[str, Any]
Row = list[str]


def rows_of(table: str) -> list[Row]:
    """Return the cells of a table's rows, without its head."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return rows[2:]


def book_for(body: Body) -> PriceBook:
    document = dict(PriceBook.default().document)
    if "suppose_code" in body:
        document["discount_codes"] = [{"id": CODE_ID, **body["suppose_code"]}]
    return PriceBook.from_document(document)


def request_of(body: Body, book: PriceBook) -> QuoteRequest:
    fields = {name: value for name, value in body.items() if name != "suppose_code"}
    fields["service_type"] = ServiceType(body["service_type"])
    fields["pickup_date"] = date.fromisoformat(body["pickup_date"])
    fields["pickup_time"] = time.fromisoformat(body["pickup_time"])
    packages = {entry.slug: entry.id for entry in book.mini_move_packages}
    visits = {entry.slug: entry.id for entry in book.organizing_services}
    items = {entry.slug: entry.id for entry in book.specialty_items}
    flights = {entry.slug: entry.id for entry in book.blade_services}
    _name(fields, "mini_move_package", packages)
    _name(fields, "blade_service", flights)
    fields["organizing_service_ids"] = tuple(
        visits[slug] for slug in fields.pop("organizing_services", ())
    )
    fields["specialty_items"] = tuple(
        SpecialtyChoice(id=items[slug], quantity=pieces)
        for slug, pieces in body.get("specialty_items", {}).items()
    )
    if "adjustment" in body:
        fields["adjustment"] = PriceAdjustment(**body["adjustment"])
    return QuoteRequest(**fields)


def _name(fields: Body, name: str, ids: dict[str, UUID]) -> None:
    if name in fields:
        fields[f"{name}_id"] = ids[fields.pop(name)]


def rows_for(body: Body) -> list[Row]:
    """Return the rows the table should have."""
    book = book_for(body)
    try:
        priced = quote(request_of(body, book), book)
    except InvalidInputError as refusal:
        return [[fault.field, fault.code, fault.message] for fault in refusal.faults]
    total = ["total", "", f"{priced.estimated_hours} hours", in_dollars(priced.total_cents)]
    return [*_line_rows(priced.lines), total]


def _line_rows(lines: Iterable[QuoteLine]) -> Iterable[Row]:
    for line in lines:
        pieces = f"{line.quantity} × " if line.quantity > 1 else ""  # noqa: RUF001  a times sign
        yield [line.kind.value, line.code, f"{pieces}{line.label}", in_dollars(line.amount_cents)]


def in_dollars(cents: int) -> str:
    whole, decimals = dollars(abs(cents)).split(".")
    return f"{'-' if cents < 0 else ''}${int(whole):,}.{decimals}"


@pytest.mark.parametrize(("body", "table"), EXAMPLES)
def test_given_an_example_when_worked_out_then_its_table_is_right(body: Body, table: str) -> None:
    written = rows_of(table)

    worked_out = rows_for(body)

    assert written == worked_out


def test_given_the_document_when_read_then_no_example_is_overlooked() -> None:
    headings = DOCUMENT.split("## Examples")[1].count("\n### ")

    assert len(EXAMPLES) == headings == DOCUMENT.count("```json")
    assert headings >= 12


def test_given_the_code_when_it_cites_a_section_then_the_document_has_it() -> None:
    code = "".join(path.read_text("utf-8") for path in (PRODUCT / "src").rglob("*.py"))

    cited = re.findall(r"docs/pricing\.md, \"([^\"]+)\"(?: and \"([^\"]+)\")?", code)

    titles = set(re.findall(r"^## (.+)$", DOCUMENT, re.MULTILINE))
    sections = {title for pair in cited for title in pair if title}
    assert sections
    assert sections <= titles
