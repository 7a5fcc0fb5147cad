"""The revision that brings registrations takes the tokens out of the messages kept before it."""

import psycopg
import pytest

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, a_customer, an_id
from tests.conftest import PostgresUowFactory
from tests.contracts.test_registrations import a_registration
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.migrations import SchemaMismatchError
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.notifications.token_mark import MANAGE_MARK

BEFORE = "0010"
LETTER = "Dear Ada,\n\nhttps://totetaxi.example/manage?manage_token={}\n\nToteTaxi"
TOKEN = "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTg_-"


def test_given_a_message_with_a_token_when_upgraded_then_room_is_left_for_it(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision=BEFORE)
    with psycopg.connect(empty_database_url) as connection:
        # No booking need be there for its messages to be kept.
        connection.execute("SET session_replication_role = replica")
        for booking_id in (an_id(), None):
            connection.execute(
                'INSERT INTO messages (id, booking_id, kind, "to", subject, text, created_at)'
                " VALUES (%s, %s, 'booking_received', 'ada@example.com', 'Yours', %s, %s)",
                (an_id(), booking_id, LETTER.format(TOKEN), NOW),
            )

    migrations.upgrade(empty_database_url)

    found = fetch(empty_database_url, "SELECT text FROM messages ORDER BY booking_id")
    assert found == [(LETTER.format(MANAGE_MARK),), (LETTER.format(TOKEN),)]


@pytest.mark.parametrize("table", ["registrations", "password_resets"])
async def test_given_rows_when_downgraded_then_it_is_refused_and_they_stand(
    uow_factory: PostgresUowFactory, database_url: str, table: str
) -> None:
    customer = a_customer()
    async with uow_factory() as uow:
        if table == "registrations":
            await uow.registrations.add(a_registration())
        else:
            await uow.customers.add(customer)
            await uow.password_resets.add(PasswordReset.begin(an_id(), customer, at=NOW))
        await uow.commit()

    with pytest.raises(SchemaMismatchError, match=f"{table} has rows"):
        migrations.downgrade(database_url, revision=BEFORE)

    assert len(fetch(database_url, f"TABLE {table}")) == 1
