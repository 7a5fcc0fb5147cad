from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_customer, a_payment_method, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod, PaymentMethodNotFoundError
from totetaxi_core.page import Place

MINUTE = timedelta(minutes=1)


async def store(uow_factory: UowFactory, customer: Customer, *methods: PaymentMethod) -> None:
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        for method in methods:
            await uow.payment_methods.add(method)
        await uow.commit()


async def test_given_a_stored_card_when_read_then_it_is_equal(uow_factory: UowFactory) -> None:
    customer = a_customer()
    card = a_payment_method(customer, is_default=True, card_brand="amex", card_exp_month=1)
    await store(uow_factory, customer, card)

    async with uow_factory() as uow:
        assert await uow.payment_methods.get(customer.id, card.id) == card
        assert await uow.payment_methods.find(card.stripe_payment_method_id) == card
        assert await uow.payment_methods.find("pm_none") is None


async def test_given_a_card_when_saved_then_it_stands_as_it_is_now(uow_factory: UowFactory) -> None:
    customer = a_customer()
    card = a_payment_method(customer)
    await store(uow_factory, customer, card)
    chosen = replace(card, is_default=True)

    async with uow_factory() as uow:
        await uow.payment_methods.save(chosen)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.payment_methods.get(customer.id, card.id) == chosen


async def test_given_another_s_or_a_removed_card_when_got_then_it_is_not_there(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    removed = a_payment_method(customer).removed()
    card = a_payment_method(customer)
    await store(uow_factory, customer, removed, card)

    async with uow_factory() as uow:
        for owner, method_id in (
            (customer.id, removed.id),
            (an_id(), card.id),
            (customer.id, an_id()),
        ):
            with pytest.raises(PaymentMethodNotFoundError):
                await uow.payment_methods.get(owner, method_id)
        assert await uow.payment_methods.find(removed.stripe_payment_method_id) == removed


async def test_given_cards_of_two_customers_when_read_then_each_has_the_active_ones_newest_first(
    uow_factory: UowFactory,
) -> None:
    ada, eve = a_customer(), a_customer(email="eve@example.com")
    old, new = a_payment_method(ada), a_payment_method(ada, created_at=NOW + MINUTE)
    await store(uow_factory, ada, old, new, a_payment_method(ada).removed())
    await store(uow_factory, eve, a_payment_method(eve))

    async with uow_factory() as uow:
        assert await uow.payment_methods.active(ada.id) == (new, old)


async def test_given_five_cards_when_paged_then_each_page_begins_where_it_is_told(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    # Two of one instant: their ids tell them apart.
    cards = [a_payment_method(customer, created_at=NOW + MINUTE * (i // 2)) for i in range(5)]
    newest_first = tuple(sorted(cards, key=Place.of, reverse=True))
    await store(uow_factory, customer, *cards, a_payment_method(customer).removed())

    async with uow_factory() as uow:
        methods = uow.payment_methods
        first = await methods.page(customer.id, limit=2)
        older = await methods.page(customer.id, before=Place.of(first[-1]), limit=2)
        newer = await methods.page(customer.id, after=Place.of(newest_first[-1]), limit=2)
        others = await methods.page(an_id(), limit=2)

    assert first == newest_first[:2]
    assert older == newest_first[2:4]
    assert newer == newest_first[2:4]
    assert others == ()


async def test_given_a_stripe_customer_when_looked_up_then_it_is_found_unless_deleted(
    uow_factory: UowFactory,
) -> None:
    ada = a_customer(stripe_customer_id="cus_ada")
    nobody = {"first_name": "", "last_name": "", "phone": "", "password_hash": ""}
    gone = a_customer(email="", stripe_customer_id="cus_gone", deleted_at=NOW, **nobody)
    await store(uow_factory, ada)
    await store(uow_factory, gone)

    async with uow_factory() as uow:
        assert await uow.customers.of_stripe("cus_ada") == ada
        assert await uow.customers.of_stripe("cus_gone") is None
        assert await uow.customers.of_stripe("cus_none") is None
