"""Begin to save a card; the customer has one customer at Stripe, made the first time.

Source: docs/payments.md, "Saved cards".
"""

from dataclasses import replace
from uuid import UUID

from totetaxi_core.customers.card_gateway import CardNotFoundError, CustomerOrder, SetupIntent
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.customers.follow_cards import follow_cards
from totetaxi_core.customers.payment_method import MOST, TooManySavedCardsError
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.ports import Ports

TRY_AGAIN = "the card could not be saved just now: please try again"


async def begin_setup(customer_id: UUID, ports: Ports) -> SetupIntent:
    """Return a setup intent for the customer's browser to save a card with.

    Raises:
        CustomerNotFoundError: there is no such account, or it was deleted.
        TooManySavedCardsError: the list is full.
        PaymentUnavailableError, PaymentMisconfiguredError: ask again.
    """
    stripe_customer_id = await _stripe_customer(customer_id, ports)
    try:
        return await ports.cards.create_setup_intent(
            stripe_customer_id, key=f"setup:{ports.ids.new_id()}"
        )
    except CardNotFoundError as error:
        # Somebody has deleted it at Stripe: once that is known here, the next call makes another.
        await follow_cards(stripe_customer_id, ports)
        raise PaymentUnavailableError(TRY_AGAIN) from error


async def _stripe_customer(customer_id: UUID, ports: Ports) -> str:
    async with ports.unit_of_work() as uow:
        customer = _standing(await uow.customers.get(customer_id))
        # Here alone: what Stripe has saved by a setup begun before is kept all the same.
        if len(await uow.payment_methods.active(customer_id)) >= MOST:
            raise TooManySavedCardsError
    if customer.stripe_customer_id is not None:
        return customer.stripe_customer_id
    order = CustomerOrder(
        customer_id=customer.id, email=customer.email, full_name=customer.full_name
    )
    try:
        made = await ports.cards.create_customer(order)
    except CardNotFoundError as error:
        raise PaymentUnavailableError(TRY_AGAIN) from error
    return await _stored(made, customer_id, ports)


async def _stored(made: str, customer_id: UUID, ports: Ports) -> str:
    """Store Stripe's customer and return it; another one, stored meanwhile, stands instead.

    Then the one just made is owed its end, as it is when the account was deleted meanwhile.

    Raises:
        CustomerNotFoundError: the account was deleted meanwhile.
    """
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(customer_id, lock=True)
        if customer.deleted_at is None and customer.stripe_customer_id is None:
            customer = replace(customer, stripe_customer_id=made)
            await uow.customers.save(customer)
        if customer.stripe_customer_id != made:
            await uow.outbox.owe(owed_forgetting(made, ports))
        await uow.commit()
    return _standing(customer).stripe_customer_id or made


def _standing(customer: Customer) -> Customer:
    if customer.deleted_at is not None:
        raise CustomerNotFoundError("this account was deleted")
    return customer


def owed_forgetting(stripe_customer_id: str, ports: Ports) -> OwedEffect:
    """Return the end of a Stripe customer and its cards, owed once."""
    return owed(
        ports.ids,
        EffectKind.FORGET_CUSTOMER,
        stripe_customer_id,
        at=ports.clock(),
        payload={"stripe_customer_id": stripe_customer_id},
    )
