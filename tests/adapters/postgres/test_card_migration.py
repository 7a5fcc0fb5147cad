from dataclasses import replace

import pytest

from tests.builders import a_booking, a_customer, a_payment, a_payment_method, an_attempt
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.migrations import SchemaMismatchError


async def test_given_a_saved_card_when_downgraded_then_it_is_refused_and_all_stands(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    customer = a_customer()
    card = a_payment_method(customer).removed()
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        await uow.payment_methods.add(card)
        await uow.commit()

    with pytest.raises(SchemaMismatchError, match="payment_methods has rows"):
        migrations.downgrade(database_url, revision="0012")

    migrations.check(database_url)
    async with uow_factory() as uow:
        assert await uow.payment_methods.find(card.stripe_payment_method_id) == card


async def test_given_an_attempt_by_saved_card_when_downgraded_then_it_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = a_booking()
    payment = a_payment(booking)
    attempt = replace(an_attempt(payment), stripe_customer_id="cus_1")
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.payments.add_attempt(attempt)
        await uow.commit()

    with pytest.raises(SchemaMismatchError, match="payment_attempts has rows"):
        migrations.downgrade(database_url, revision="0012")

    async with uow_factory() as uow:
        assert await uow.payments.attempts(booking.id) == (attempt,)
