"""The revision that brings the ledger posts what the code would have, had it been there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom

import psycopg
import pytest
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import set_json_loads

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, a_booking, a_payment, a_refund, a_rich_quote, an_id
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.migrations import SchemaMismatchError
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.ledger.post_movement import post_charge, post_refund
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.pricing import LineKind, Quote, QuoteLine
from totetaxi_core.unit_of_work import UnitOfWork

IDS = IdSource(SystemRandom())
HOUR = timedelta(hours=1)
RECORDED = ("bookings", "quote_lines", "payments", "refunds")
POSTED = """
    SELECT kind, cause, booking_id, payment_id, ledger_entries.amount_cents, posted_at,
        jsonb_object_agg(account, ledger_postings.amount_cents)
    FROM ledger_entries JOIN ledger_postings ON entry_id = id GROUP BY id ORDER BY cause
"""
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"


async def store_history(uow: UnitOfWork) -> None:
    """Store every case, each posted as it happens."""
    async with uow:
        rich, plain, twice = a_booking(offer=a_rich_quote()), a_booking(), a_booking()
        await uow.bookings.add(a_booking(offer=a_rich_quote()))
        await _add_free(uow)
        payment = await _add_paid(uow, rich)
        left_cents = payment.amount_cents
        for hours, amount in enumerate((1, 33, 333, 33, 1_111, 34, 77_777), start=1):
            await _add_refund(uow, payment, amount, at=NOW + hours * HOUR)
            left_cents -= amount
        for status in (RefundStatus.FAILED, RefundStatus.REJECTED, RefundStatus.APPROVED):
            await uow.refunds.add(replace(a_refund(payment, amount_cents=5), status=status))
        failed = replace(a_refund(payment, amount_cents=5), status=RefundStatus.FAILED)
        await uow.refunds.add(replace(failed, stripe_refund_id=f"re_{an_id()}"))
        await _add_refund(uow, payment, left_cents - 5, at=NOW + 9 * HOUR)
        await _add_paid(uow, plain)
        await _add_paid(uow, twice)
        second = await _add_paid(uow, twice, purpose=PaymentPurpose.DUPLICATE)
        await _add_refund(uow, second, second.amount_cents, at=NOW + HOUR)
        await uow.commit()


async def _add_free(uow: UnitOfWork) -> None:
    quote = a_booking().quote
    off = QuoteLine(
        kind=LineKind.DISCOUNT, code="ALL", label="All off", amount_cents=-quote.total_cents
    )
    free: Quote = replace(quote, lines=(*quote.lines, off), total_cents=0)
    booking = a_booking(offer=free).confirm(at=NOW + HOUR)
    await uow.bookings.add(booking)
    await post_charge(uow, booking, None, IDS, at=NOW + HOUR)


async def _add_paid(
    uow: UnitOfWork, booking: Booking, *, purpose: PaymentPurpose = PaymentPurpose.BOOKING
) -> Payment:
    if purpose is PaymentPurpose.BOOKING:
        await uow.bookings.add(booking)
    payment = replace(
        a_payment(booking, purpose=purpose), status=PaymentStatus.SUCCEEDED, completed_at=NOW
    )
    await uow.payments.add(payment)
    await post_charge(uow, booking, payment, IDS, at=NOW)
    return payment


async def _add_refund(
    uow: UnitOfWork, payment: Payment, amount_cents: int, *, at: datetime
) -> Refund:
    refund = replace(
        a_refund(payment, amount_cents=amount_cents),
        status=RefundStatus.SENT if amount_cents % 2 else RefundStatus.SUCCEEDED,
        updated_at=at,
        stripe_refund_id=f"re_{an_id()}",
    )
    await uow.refunds.add(refund)
    await post_refund(uow, refund, IDS, at=at)
    return refund


def copy_rows(source_url: str, target_url: str) -> None:
    """Copy what was recorded, in the columns that the older schema has."""
    with psycopg.connect(source_url) as source, psycopg.connect(target_url) as target:
        set_json_loads(lambda raw: raw, source)
        for table in RECORDED:
            names = [name for (name,) in target.execute(COLUMNS, (table,))]
            now = [name.replace("guest_", "contact_") for name in names]
            read = SQL("SELECT {} FROM {}").format(_listed(now), Identifier(table))
            marks = SQL(", ").join(SQL("%s") * len(names))
            write = SQL("INSERT INTO {} ({}) VALUES ({})").format(
                Identifier(table), _listed(names), marks
            )
            with target.cursor() as cursor:
                cursor.executemany(write, [_as_text(row) for row in source.execute(read)])


def _listed(names: list[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in names)


def _as_text(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(cell.decode() if isinstance(cell, bytes) else cell for cell in row)


async def test_given_recorded_money_when_upgraded_then_it_is_posted_as_the_code_would(
    uow_factory: PostgresUowFactory, database_url: str, empty_database_url: str
) -> None:
    await store_history(uow_factory())
    migrations.upgrade(empty_database_url, revision="0003")
    copy_rows(database_url, empty_database_url)

    migrations.upgrade(empty_database_url)

    posted, by_code = fetch(empty_database_url, POSTED), fetch(database_url, POSTED)
    assert posted == by_code
    assert len(posted) == 14
    assert fetch(empty_database_url, "SELECT sum(amount_cents) FROM ledger_postings") == [(0,)]
    taxed = "SELECT sum(amount_cents) > 0 FROM ledger_postings WHERE account = 'tax_payable'"
    assert fetch(empty_database_url, f"{taxed} AND amount_cents > 0") == [(True,)]
    migrations.check(empty_database_url)


async def test_given_a_ledger_when_upgraded_then_its_guards_stand_over_what_was_posted(
    uow_factory: PostgresUowFactory, database_url: str, empty_database_url: str
) -> None:
    await store_history(uow_factory())
    migrations.upgrade(empty_database_url, revision="0003")
    copy_rows(database_url, empty_database_url)
    migrations.upgrade(empty_database_url)

    with psycopg.connect(empty_database_url) as connection, pytest.raises(psycopg.Error) as info:
        connection.execute("DELETE FROM ledger_postings")

    assert info.value.diag.constraint_name == "ledger_append_only"


async def test_given_a_payment_that_is_not_its_quotes_total_when_upgraded_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str, empty_database_url: str
) -> None:
    await store_history(uow_factory())
    migrations.upgrade(empty_database_url, revision="0003")
    copy_rows(database_url, empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("UPDATE payments SET amount_cents = amount_cents + 1")

    with pytest.raises(Exception, match="does not balance"):
        migrations.upgrade(empty_database_url)

    assert migrations.current(empty_database_url) == "0003"


async def test_given_a_posted_entry_when_downgraded_then_it_is_refused_and_all_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await store_history(uow_factory())
    before: list[tuple[Mapping[str, object], ...]] = fetch(database_url, POSTED)

    with pytest.raises(SchemaMismatchError, match="ledger_entries has rows"):
        migrations.downgrade(database_url, revision="0003")

    assert fetch(database_url, POSTED) == before
