"""The revision that brings disputes, up and down, on a database with refunds in it."""

import psycopg
import pytest

from tests.adapters.postgres.server_view import fetch
from tests.builders import a_booking, a_dispute, a_payment, a_refund
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.migrations import SchemaMismatchError
from totetaxi_core.payments.payment import Payment

BEFORE = "0004"
COLUMNS = (
    *("id", "payment_id", "booking_id", "amount_cents", "reason", "status"),
    *("requested_by", "created_at", "updated_at"),
)
REFUNDED = "SELECT sum(amount_cents)::bigint FROM refunds"


async def store_part_refunded(uow_factory: PostgresUowFactory) -> Payment:
    booking = a_booking()
    payment = a_payment(booking)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.refunds.add(a_refund(payment, amount_cents=1_000))
        await uow.commit()
    return payment


def refuses(database_url: str, payment: Payment, amount_cents: int) -> bool:
    """Tell whether a refund is refused, at whatever revision; one that is not is undone."""
    refund = a_refund(payment, amount_cents=amount_cents)
    row = {name: getattr(refund, name) for name in COLUMNS}
    listed, marks = ", ".join(COLUMNS), ", ".join(f"%({name})s" for name in COLUMNS)
    insert = f"INSERT INTO refunds ({listed}) VALUES ({marks})"  # noqa: S608  our own names
    with psycopg.connect(database_url) as connection:
        try:
            connection.execute(insert.encode(), row)
        except psycopg.IntegrityError as error:
            return error.diag.constraint_name == "refunds_within_payment"
        connection.rollback()
        return False


async def test_given_refunds_when_downgraded_and_upgraded_then_they_stay_and_are_guarded(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    payment = await store_part_refunded(uow_factory)
    left = payment.amount_cents - 1_000
    migrations.downgrade(database_url, revision=BEFORE)
    before = [refuses(database_url, payment, cents) for cents in (left, left + 1)]

    migrations.upgrade(database_url)
    async with uow_factory() as uow:
        await uow.disputes.add(a_dispute(payment, withdrawn_cents=0))
        await uow.commit()
    held = refuses(database_url, payment, 1)

    assert (before, held) == ([False, True], True)
    assert fetch(database_url, REFUNDED) == [(1_000,)]
    migrations.check(database_url)


async def test_given_a_dispute_when_downgraded_then_it_is_refused_and_all_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    payment = await store_part_refunded(uow_factory)
    dispute = a_dispute(payment)
    async with uow_factory() as uow:
        await uow.disputes.add(dispute)
        await uow.commit()

    with pytest.raises(SchemaMismatchError, match="disputes has rows"):
        migrations.downgrade(database_url, revision=BEFORE)

    migrations.check(database_url)
    async with uow_factory() as uow:
        assert await uow.disputes.find(dispute.stripe_dispute_id) == dispute
