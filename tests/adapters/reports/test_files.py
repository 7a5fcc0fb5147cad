"""Reports as files: a spreadsheet gets figures and no formula, a browser a page and no script."""

import csv
import io
import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import NEW_YORK
from totetaxi_adapters.reports import csv_file, html_page
from totetaxi_adapters.reports.csv_file import safe_text
from totetaxi_core.reports.report import (
    Column,
    Grouping,
    Measure,
    Report,
    ReportName,
    Table,
    cents,
    count,
    share,
    text,
)
from totetaxi_core.reports.span import Days

NASTY = '<script>alert("1")</script> & "quoted", \x00\nsecond line'


def a_report(name: str = "Ada Guest") -> Report:
    return Report(
        name=ReportName.CUSTOMERS,
        title="Top customers",
        days=Days(date(2026, 11, 1), date(2026, 11, 30)),
        by=Grouping.CUSTOMER,
        table=Table(
            columns=(
                text("customer", "customer"),
                count("bookings", "bookings"),
                cents("spent", "spent"),
                share("share", "share"),
                Column("taken_half_hours", "hours", Measure.HALF_HOURS),
            ),
            rows=((name, 1_234, -123_456, 1_205, 25), ("Ben", 0, 5, None, 4)),
            total=("total", 1_234, -123_451, None, 29),
            charted="spent_cents",
            note="Made up.",
        ),
    )


def test_given_a_report_when_saved_as_csv_then_figures_are_plain_and_lines_end_as_in_the_rfc() -> (
    None
):
    content = csv_file(a_report())

    assert content.decode() == (
        "customer,bookings,spent_dollars,share_percent,taken_hours\r\n"
        "Ada Guest,1234,-1234.56,12.05,12.5\r\n"
        "Ben,0,0.05,,2.0\r\n"
        "total,1234,-1234.51,,14.5\r\n"
    )


def test_given_names_with_everything_in_them_when_saved_as_csv_then_they_are_read_back() -> None:
    name = 'O\'Neil, "Ann"\r\nof Montauk'

    rows = list(csv.reader(io.StringIO(csv_file(a_report(name)).decode(), newline="")))

    assert rows[1][0] == name
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", "=cmd|' /C calc'!A0"],
)
def test_given_a_name_that_is_a_formula_when_saved_then_a_spreadsheet_reads_text(
    formula: str,
) -> None:
    assert safe_text(formula) == f"'{formula}"
    assert safe_text(f"Ada {formula}") == f"Ada {formula}"


def test_given_a_nasty_name_when_made_a_page_then_it_is_escaped_and_nothing_is_fetched() -> None:
    page = html_page(a_report(NASTY), made_at=NOW, zone=NEW_YORK)

    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") == 1
    assert "default-src 'none'" in page
    assert not re.search(r"\b(src|href)=|@import|url\(", page)
    assert re.findall(r"https?://[^\"' ]+", page) == ["http://www.w3.org/2000/svg"]


def test_given_figures_when_drawn_then_bars_are_as_long_as_they_are_large() -> None:
    page = html_page(a_report(NASTY), made_at=NOW, zone=NEW_YORK)

    svg = ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])  # noqa: S314  our own
    bars = [float(one.get("width", "")) for one in svg.iter() if one.tag.endswith("rect")]
    assert bars == [560.0, 0.0]
    assert "-$1,234.56" in "".join(svg.itertext())
    assert "Made 2026-11-23 10:00 EST" in page
