"""Saved cards: record, choose, remove. Stripe is never asked inside a transaction.

Source: docs/payments.md, "Saved cards".
"""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.customers.card_gateway import (
    CardNotFoundError,
    ProviderCard,
    SetupStatus,
)
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod, PaymentMethodNotFoundError
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork


class CardSetupIncompleteError(DomainError):
    """The customer's bank has not let the card be saved, or not yet; `status` is the setup's."""

    code = "card_setup_incomplete"
    field = "setup_intent_id"

    def __init__(self, status: SetupStatus) -> None:
        super().__init__(f"the card is not saved: its setup {status.replace('_', ' ')}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class CardToSave:
    """The card by Stripe's id of it, or of the setup intent that saved it: exactly one."""

    stripe_payment_method_id: str | None = None
    setup_intent_id: str | None = None
    is_default: bool = False


async def save_card(customer_id: UUID, card: CardToSave, ports: Ports) -> PaymentMethod:
    """Record a card that Stripe has saved for this customer; again, it is the same one.

    The first card is the default in any case.

    Raises:
        PaymentMethodNotFoundError: Stripe has no such card of this customer, or it was removed.
        CardSetupIncompleteError: the setup has not succeeded.
        PaymentUnavailableError, PaymentMisconfiguredError: ask again.
    """
    async with ports.unit_of_work() as uow:
        owner = (await uow.customers.get(customer_id)).stripe_customer_id
    if owner is None:
        raise PaymentMethodNotFoundError
    provider = await _saved_at_stripe(card, owner, ports)
    async with ports.unit_of_work() as uow:
        if (await _present(customer_id, uow)).stripe_customer_id != owner:
            raise PaymentMethodNotFoundError
        method = await record(provider, customer_id, uow, ports)
        if not method.is_active:
            raise PaymentMethodNotFoundError
        if card.is_default and not method.is_default:
            method = await _make_default(method, uow)
        await uow.commit()
    return method


async def choose_default(customer_id: UUID, method_id: UUID, ports: Ports) -> PaymentMethod:
    """Make the card the one default.

    Raises:
        PaymentMethodNotFoundError: the customer has no such card.
    """
    async with ports.unit_of_work() as uow:
        await _present(customer_id, uow)
        method = await uow.payment_methods.get(customer_id, method_id)
        if not method.is_default:
            method = await _make_default(method, uow)
        await uow.commit()
    return method


async def remove_card(customer_id: UUID, method_id: UUID, ports: Ports) -> None:
    """Remove the card, and owe its end at Stripe; the newest other one becomes the default.

    Raises:
        PaymentMethodNotFoundError: the customer has no such card.
    """
    async with ports.unit_of_work() as uow:
        await _present(customer_id, uow)
        method = await uow.payment_methods.get(customer_id, method_id)
        await take_away((method,), uow)
        payload = {"stripe_payment_method_id": method.stripe_payment_method_id}
        await uow.outbox.owe(
            owed(
                ports.ids,
                EffectKind.DETACH_CARD,
                str(method.id),
                at=ports.clock(),
                payload=payload,
            )
        )
        await uow.commit()


async def record(
    provider: ProviderCard, customer_id: UUID, uow: UnitOfWork, ports: Ports
) -> PaymentMethod:
    """Return the card's row, stored if there is none; the customer is locked."""
    known = await uow.payment_methods.find(provider.id)
    if known is not None:
        return known
    others = await uow.payment_methods.active(customer_id)
    method = PaymentMethod(
        id=ports.ids.new_id(),
        customer_id=customer_id,
        stripe_payment_method_id=provider.id,
        card_brand=provider.brand,
        card_last_four=provider.last_four,
        card_exp_month=provider.exp_month,
        card_exp_year=provider.exp_year,
        is_default=not others,
        is_active=True,
        created_at=ports.clock(),
    )
    await uow.payment_methods.add(method)
    return method


async def take_away(methods: tuple[PaymentMethod, ...], uow: UnitOfWork) -> None:
    """Store active cards of one locked customer as removed, and see to the default."""
    for method in methods:
        await uow.payment_methods.save(method.removed())
    if any(method.is_default for method in methods):
        left = await uow.payment_methods.active(methods[0].customer_id)
        if left:
            await uow.payment_methods.save(left[0].with_default(is_default=True))


async def _make_default(method: PaymentMethod, uow: UnitOfWork) -> PaymentMethod:
    # The former one first: there are never two, not even between two statements.
    for other in await uow.payment_methods.active(method.customer_id):
        if other.is_default:
            await uow.payment_methods.save(other.with_default(is_default=False))
    chosen = method.with_default(is_default=True)
    await uow.payment_methods.save(chosen)
    return chosen


async def _saved_at_stripe(card: CardToSave, owner: str, ports: Ports) -> ProviderCard:
    try:
        method_id = card.stripe_payment_method_id
        if card.setup_intent_id is not None:
            method_id = await _set_up(card.setup_intent_id, owner, ports)
        if method_id is None:
            raise PaymentMethodNotFoundError
        provider = await ports.cards.get_payment_method(method_id)
    except CardNotFoundError as error:
        raise PaymentMethodNotFoundError from error
    if provider.stripe_customer_id != owner:
        raise PaymentMethodNotFoundError
    return provider


async def _set_up(setup_intent_id: str, owner: str, ports: Ports) -> str | None:
    """Return the card that the setup saved; another's setup is not there."""
    setup = await ports.cards.get_setup_intent(setup_intent_id)
    if setup.stripe_customer_id != owner:
        raise PaymentMethodNotFoundError
    if setup.status is not SetupStatus.SUCCEEDED:
        raise CardSetupIncompleteError(setup.status)
    return setup.stripe_payment_method_id


async def _present(customer_id: UUID, uow: UnitOfWork) -> Customer:
    """Return the customer, locked: cards are written under this lock alone.

    Raises:
        PaymentMethodNotFoundError: the account was deleted, and its cards with it.
    """
    customer = await uow.customers.get(customer_id, lock=True)
    if customer.deleted_at is not None:
        raise PaymentMethodNotFoundError
    return customer
