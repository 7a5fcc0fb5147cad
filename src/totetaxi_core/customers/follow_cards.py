"""Follow a customer's cards at Stripe: what was saved or detached there is so here too."""

from dataclasses import replace

from totetaxi_core.customers.card_gateway import CardNotFoundError, ProviderCard
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.save_cards import record, take_away
from totetaxi_core.ports import Ports


async def follow_cards(stripe_customer_id: str, ports: Ports) -> bool:
    """Ask which cards the customer has at Stripe now, and make ours agree; False: not ours.

    A card removed here stays removed, though Stripe may not have detached it yet.

    Raises:
        PaymentUnavailableError, PaymentMisconfiguredError: to be tried again.
    """
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.of_stripe(stripe_customer_id)
        # What is saved while we ask is not in Stripe's answer: only these may be taken away.
        known = await uow.payment_methods.active(customer.id) if customer else ()
    if customer is None:
        return False
    attached = await _attached(stripe_customer_id, ports)
    gone = _gone(known, attached or ())
    async with ports.unit_of_work() as uow:
        present = await uow.customers.get(customer.id, lock=True)
        if present.stripe_customer_id != stripe_customer_id or present.deleted_at is not None:
            return False
        active = await uow.payment_methods.active(customer.id)
        await take_away(tuple(each for each in active if each.id in gone), uow)
        for provider in reversed(attached or ()):
            await record(provider, customer.id, uow, ports)
        if attached is None:
            await uow.customers.save(replace(present, stripe_customer_id=None))
        await uow.commit()
    return True


async def _attached(stripe_customer_id: str, ports: Ports) -> tuple[ProviderCard, ...] | None:
    """Return the customer's cards, newest first; None when Stripe has deleted the customer."""
    try:
        return await ports.cards.list_payment_methods(stripe_customer_id)
    except CardNotFoundError:
        return None


def _gone(
    known: tuple[PaymentMethod, ...], attached: tuple[ProviderCard, ...]
) -> frozenset[object]:
    attached_ids = {provider.id for provider in attached}
    return frozenset(
        method.id for method in known if method.stripe_payment_method_id not in attached_ids
    )
