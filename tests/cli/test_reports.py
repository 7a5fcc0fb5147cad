"""Reports from the ledger, on the command line."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from tests.builders import a_booking, a_ledger_entry, a_payment
from tests.cli.conftest import Runner
from tests.cli.staffing import hire
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind

SOLD = {
    Account.STRIPE: 98_000,
    Account.REVENUE: -100_000,
    Account.DISCOUNTS: 10_000,
    Account.TAX: -8_000,
}
GIVEN_BACK = {Account.STRIPE: -9_800, Account.REFUNDS: 9_000, Account.TAX: 800}
SALE_ON = datetime(2026, 11, 2, 4, 59, tzinfo=UTC)  # before midnight of the 1st in New York
REFUND_ON = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)  # midnight of the 3rd
BREAK = """
    ALTER TABLE ledger_postings DISABLE TRIGGER USER;
    UPDATE ledger_postings SET amount_cents = amount_cents + 1 WHERE account = 'tax_payable'
        AND amount_cents < 0;
"""


async def _store(database_url: str) -> None:
    engine = open_engine(database_url, pool_size=1, max_overflow=0)
    booking = a_booking()
    payment = a_payment(booking)
    async with PostgresUnitOfWork(engine, jobs=EffectJobs(create_job_app(database_url))) as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.ledger.post(a_ledger_entry(payment, amounts=SOLD, posted_at=SALE_ON))
        await uow.ledger.post(
            a_ledger_entry(payment, kind=EntryKind.REFUND, amounts=GIVEN_BACK, posted_at=REFUND_ON)
        )
        await uow.commit()
    await engine.dispose()


@pytest.fixture
def posted(database_url: str) -> str:
    """A database with a sale on the first of November 2026, and a refund of a part on the third."""
    asyncio.run(_store(database_url))
    return database_url


@pytest.mark.usefixtures("posted")
def test_given_movements_when_reported_then_each_is_on_its_day_in_new_york(
    totetaxi: Runner,
) -> None:
    answer = totetaxi("reports", "revenue", "--from", "2026-11-01", "--to", "2026-11-03", "--json")

    sale = {
        "date": "2026-11-01",
        "gross_cents": 100_000,
        "discount_cents": 10_000,
        "refund_cents": 0,
        "dispute_loss_cents": 0,
        "net_cents": 90_000,
        "tax_collected_cents": 8_000,
        "tax_refunded_cents": 0,
    }
    nothing = dict.fromkeys(sale, 0)
    both = {**sale, "refund_cents": 9_000, "net_cents": 81_000, "tax_refunded_cents": 800}
    refund = {"refund_cents": 9_000, "net_cents": -9_000, "tax_refunded_cents": 800}
    assert answer.code == 0, answer.err
    assert answer.json["rows"] == [
        sale,
        {**nothing, "date": "2026-11-02"},
        {**nothing, **refund, "date": "2026-11-03"},
    ]
    del both["date"]
    assert answer.json["total"] == both


@pytest.mark.usefixtures("posted")
def test_given_movements_when_reported_to_people_then_a_table_ends_with_the_total(
    totetaxi: Runner,
) -> None:
    answer = totetaxi("reports", "revenue", "--to", "2026-11-03")

    *table, days, note = [line for line in answer.out.splitlines() if line.strip()]
    rows = [line.split() for line in table]
    cells = {row[0]: row[1:] for row in rows}
    assert note.startswith("By the ledger")
    assert days == "2026-11-01 to 2026-11-03; days of nothing but zeros are left out"
    figures = ["$1,000.00", "$100.00", "$0.00", "$0.00", "$900.00", "$80.00", "$0.00"]
    assert cells["2026-11-01"] == [*figures, "█" * 24]
    assert cells["2026-11-03"][-1] == "░" * 3
    assert "2026-11-02" not in cells
    assert rows[-1] == [
        "total",
        "$1,000.00",
        "$100.00",
        "$90.00",
        "$0.00",
        "$810.00",
        "$80.00",
        "$8.00",
    ]


@pytest.mark.usefixtures("posted")
def test_given_staff_when_a_report_is_saved_then_it_takes_their_name_and_the_flag(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin", "--as", "root")
    hire(totetaxi, monkeypatch, "finn", "finance", "--as", "root")
    table, page = tmp_path / "taxes.csv", tmp_path / "taxes.html"
    november = ("--from", "2026-11-01", "--to", "2026-11-30")

    nobody = totetaxi("reports", "taxes", *november)
    shown = totetaxi("reports", "taxes", *november, "--as", "finn", "--json")
    refused = totetaxi("reports", "taxes", *november, "--as", "finn", "--csv", str(table))
    denied = totetaxi("reports", "customers", "--as", "finn")
    saved = totetaxi(
        *("reports", "taxes", *november, "--as", "root"),
        *("--csv", str(table), "--html", str(page)),
    )
    again = totetaxi("reports", "taxes", "--as", "root", "--csv", str(table))

    assert (nobody.code, refused.code, denied.code, again.code) == (2, 1, 1, 1)
    assert nobody.err.startswith("missing --as")
    assert shown.json["total"] == {
        "collected_cents": 8_000,
        "refunded_cents": 800,
        "owed_cents": 7_200,
    }
    assert saved.code == 0, saved.err
    assert table.read_bytes().splitlines()[-1] == b"total,80.00,8.00,72.00"
    assert "<svg" in page.read_text()
    acts = totetaxi("audit", "list", "--action", "report_exported", "--json").json
    assert [one["subject"] for one in acts["results"]] == ["report:taxes"] * 2


def test_given_days_that_make_no_report_when_asked_for_then_it_is_refused(
    totetaxi: Runner,
) -> None:
    backwards = totetaxi("reports", "revenue", "--from", "2026-11-02", "--to", "2026-11-01")
    no_date = totetaxi("reports", "revenue", "--from", "11/02/2026")

    assert (backwards.code, no_date.code) == (2, 2)
    assert backwards.err == "out_of_order to: must not end before 2026-11-02\n"
    assert "--from" in no_date.err


@pytest.mark.usefixtures("posted")
def test_given_movements_when_balanced_then_debits_are_credits(totetaxi: Runner) -> None:
    answer = totetaxi("reports", "trial-balance", "--json")
    table = totetaxi("reports", "trial-balance").out

    sides = {
        one["account"]: (one["debit_cents"], one["credit_cents"]) for one in answer.json["accounts"]
    }
    assert answer.code == 0
    assert sides == {
        "stripe": (88_200, 0),
        "cash": (0, 0),
        "revenue": (0, 100_000),
        "discounts": (10_000, 0),
        "tax_payable": (0, 7_200),
        "refunds": (9_000, 0),
        "customer_money": (0, 0),
        "dispute_losses": (0, 0),
    }
    assert answer.json["debit_cents"] == answer.json["credit_cents"] == 107_200
    assert answer.json["sum_cents"] == 0
    assert table.split()[-3:] == ["total", "$1,072.00", "$1,072.00"]


def test_given_a_ledger_that_was_tampered_with_when_balanced_then_it_exits_1(
    totetaxi: Runner, posted: str
) -> None:
    with psycopg.connect(posted) as connection:
        connection.execute(BREAK.encode())

    answer = totetaxi("reports", "trial-balance", "--json")
    told = totetaxi("reports", "trial-balance")

    assert (answer.code, answer.json["sum_cents"]) == (1, 1)
    assert told.code == 1
    assert told.err == "out of balance by $0.01\n"
