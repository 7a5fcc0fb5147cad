"""What the ledger's tables refuse, by the name of the guard."""

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, a_booking, a_ledger_entry, a_payment, an_id
from tests.conftest import PostgresUowFactory
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import LedgerEntry

POSTINGS = "SELECT account, amount_cents FROM ledger_postings ORDER BY 1"
SOLD = {Account.STRIPE: 1_090, Account.REVENUE: -1_000, Account.TAX: -90}


async def a_posted_charge(uow_factory: PostgresUowFactory) -> LedgerEntry:
    booking = a_booking()
    payment = a_payment(booking)
    entry = a_ledger_entry(payment, amounts=SOLD)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.ledger.post(entry)
        await uow.commit()
    return entry


def insert_entry(connection: psycopg.Connection, beside: LedgerEntry, **changes: object) -> object:
    """Insert an entry of 10.00 dollars, without postings, for the same payment; return its id."""
    row: dict[str, object] = {
        "id": an_id(),
        "kind": "refund",
        "cause": f"refund:{an_id()}",
        "booking_id": beside.booking_id,
        "payment_id": beside.payment_id,
        "amount_cents": 1_000,
        "posted_at": NOW,
        **changes,
    }
    statement = SQL("INSERT INTO ledger_entries ({}) VALUES ({})").format(
        SQL(", ").join(map(Identifier, row)), SQL(", ").join(map(Literal, row.values()))
    )
    connection.execute(statement)
    return row["id"]


def insert_posting(
    connection: psycopg.Connection, entry_id: object, account: str, amount_cents: int
) -> None:
    connection.execute(
        "INSERT INTO ledger_postings VALUES (%s, %s, %s)", (entry_id, account, amount_cents)
    )


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_postings"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET amount_cents = amount_cents",
        "DELETE FROM {}",
        "DELETE FROM {} WHERE false",
        "TRUNCATE {} CASCADE",
    ],
)
async def test_given_a_posted_entry_when_changed_or_removed_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, table: str, statement: str
) -> None:
    await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
        connection.execute(SQL(statement).format(Identifier(table)))

    assert info.value.diag.constraint_name == "ledger_append_only"
    assert fetch(database_url, POSTINGS) == [
        ("revenue", -1_000),
        ("stripe", 1_090),
        ("tax_payable", -90),
    ]


@pytest.mark.parametrize(
    "postings",
    [
        [],
        [("refunds", 1_000)],
        [("refunds", 1_000), ("stripe", -999)],
        [("refunds", 900), ("stripe", -900)],
    ],
)
async def test_given_an_entry_that_is_not_what_it_says_when_committed_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, postings: list[tuple[str, int]]
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection:
        entry_id = insert_entry(connection, charge)
        for account, amount_cents in postings:
            insert_posting(connection, entry_id, account, amount_cents)
        with pytest.raises(psycopg.IntegrityError) as info:
            connection.commit()

    assert info.value.diag.constraint_name == "ledger_balanced"
    assert fetch(database_url, "SELECT id FROM ledger_entries") == [(charge.id,)]


async def test_given_an_entry_that_balances_when_committed_then_it_is_kept(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection, connection.transaction():
        entry_id = insert_entry(connection, charge)
        insert_posting(connection, entry_id, "refunds", 1_000)
        insert_posting(connection, entry_id, "stripe", -1_000)

    assert fetch(database_url, "SELECT count(*) FROM ledger_entries") == [(2,)]


@pytest.mark.parametrize("balanced", [False, True])
async def test_given_an_entry_of_before_when_postings_are_added_then_they_are_refused(
    uow_factory: PostgresUowFactory, database_url: str, *, balanced: bool
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection:
        insert_posting(connection, charge.id, "discounts", 500)
        if balanced:
            insert_posting(connection, charge.id, "refunds", -500)
        with pytest.raises(psycopg.IntegrityError) as info:
            connection.commit()

    assert info.value.diag.constraint_name == "ledger_balanced"
    assert fetch(database_url, "SELECT sum(amount_cents) FROM ledger_postings") == [(0,)]


async def test_given_checks_called_early_when_postings_follow_then_they_are_checked_too(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection:
        entry_id = insert_entry(connection, charge)
        insert_posting(connection, entry_id, "refunds", 1_000)
        insert_posting(connection, entry_id, "stripe", -1_000)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(psycopg.IntegrityError) as info:
            insert_posting(connection, entry_id, "revenue", 1)

    assert info.value.diag.constraint_name == "ledger_balanced"


async def test_given_a_posted_cause_when_an_entry_repeats_it_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
        insert_entry(connection, charge, cause=charge.cause)

    assert info.value.diag.constraint_name == "uq_ledger_entries_cause"


async def test_given_an_entry_when_a_rule_would_break_then_its_constraint_refuses(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    charge, other = await a_posted_charge(uow_factory), await a_posted_charge(uow_factory)
    rules: dict[str, dict[str, object]] = {
        "ck_ledger_entries_kind": {"kind": "gift"},
        "ck_ledger_entries_amount_cents": {"amount_cents": 0},
        "ck_ledger_entries_payment_id": {"payment_id": None},
        "fk_ledger_entries_booking_id_payment_id": {"payment_id": other.payment_id},
        "fk_ledger_entries_booking_id": {
            "kind": "charge",
            "booking_id": an_id(),
            "payment_id": None,
        },
    }

    broken = []
    for changes in rules.values():
        with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
            insert_entry(connection, charge, **changes)
        broken.append(info.value.diag.constraint_name)

    assert broken == list(rules)


@pytest.mark.parametrize(
    ("constraint", "account", "amount_cents"),
    [
        ("ck_ledger_postings_account", "petty_cash", 1),
        ("ck_ledger_postings_amount_cents", "refunds", 0),
        ("pk_ledger_postings", "stripe", 1),
    ],
)
async def test_given_an_entry_when_a_posting_breaks_a_rule_then_its_constraint_refuses(
    uow_factory: PostgresUowFactory,
    database_url: str,
    constraint: str,
    account: str,
    amount_cents: int,
) -> None:
    charge = await a_posted_charge(uow_factory)

    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as info:
        insert_posting(connection, charge.id, account, amount_cents)

    assert info.value.diag.constraint_name == constraint
