"""Account holders: they register, save cards, pay by them, and want to be forgotten."""

from dataclasses import replace
from typing import Final

from totetaxi_adapters.memory.cards import (
    DECLINES,
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL,
    NEEDS_APPROVAL_ONCE,
    PAYS,
    REFUND_FAILS_LATER,
    TAKES_TIME,
)
from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.catalogue import EMAILS, an_order
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision, random_of
from totetaxi_adapters.simulation.holders import PASSWORD
from totetaxi_adapters.simulation.world import CREDENTIALS, World
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import CUSTOMER
from totetaxi_core.customers.account_token import TokenPurpose
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.card_gateway import SetupStatus
from totetaxi_core.customers.delete_account import delete_account
from totetaxi_core.customers.register_customer import NewCustomer, register_customer
from totetaxi_core.customers.save_cards import CardToSave, choose_default, remove_card, save_card
from totetaxi_core.customers.verify_email import verify_email
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_core.ports import Ports

TO_SAVE: Final = (
    PAYS,
    PAYS,
    DECLINES,
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL,
    NEEDS_APPROVAL_ONCE,
    TAKES_TIME,
    REFUND_FAILS_LATER,
)


async def register(_world: World, ports: Ports, decision: Decision) -> str:
    email = nth(decision.draws[0], EMAILS)
    new = NewCustomer(
        email=email, first_name="Ada", last_name="Holder", phone="", password=PASSWORD
    )
    await register_customer(new, ports, CREDENTIALS)
    return f"asked for an account of {email}"


async def verify(world: World, ports: Ports, decision: Decision) -> str:
    """Follow the link in the mail, however old it is."""
    registration = world.holders.a_registration(decision.draws[0])
    if registration is None:
        return NOTHING
    token = world.terms.account_tokens.token(TokenPurpose.VERIFY, registration.id)
    customer = await verify_email(token, ports, world.terms, CREDENTIALS)
    return f"has the account of {customer.email}"


async def keep_card(world: World, ports: Ports, decision: Decision) -> str:
    """Save a card in the browser; every other customer's browser then says so."""
    account_draw, card_draw, then_draw = decision.draws
    customer = world.holders.an_account(account_draw)
    if customer is None:
        return NOTHING
    setup = await begin_setup(customer.id, ports)
    wallet, card = world.stripe.account.wallet, nth(card_draw, TO_SAVE)
    if setup.stripe_customer_id not in wallet.customers():
        return "was forgotten at Stripe meanwhile"
    shown = wallet.confirm_setup(setup.id, card)
    if shown.status is SetupStatus.REQUIRES_ACTION:
        shown = wallet.decide_setup(setup.id, approve=then_draw % 5 != 0)
    if then_draw % 2:
        to_save = CardToSave(setup_intent_id=setup.id, is_default=then_draw % 3 == 0)
        await save_card(customer.id, to_save, ports)
    return f"{card}: {shown.status}"


async def prefer_card(world: World, ports: Ports, decision: Decision) -> str:
    account_draw, card_draw, _ = decision.draws
    customer = world.holders.an_account(account_draw, with_card=True)
    card = world.holders.a_card(card_draw, customer.id) if customer else None
    if customer is None or card is None:
        return NOTHING
    await choose_default(customer.id, card.id, ports)
    return "prefers another card"


async def give_up_card(world: World, ports: Ports, decision: Decision) -> str:
    account_draw, card_draw, _ = decision.draws
    customer = world.holders.an_account(account_draw, with_card=True)
    card = world.holders.a_card(card_draw, customer.id) if customer else None
    if customer is None or card is None:
        return NOTHING
    await remove_card(customer.id, card.id, ports)
    return "removed a card"


async def book_by_card(world: World, ports: Ports, decision: Decision) -> str:
    """Book into the account, and have a saved card charged if there is one."""
    cart_draw, account_draw, card_draw = decision.draws
    customer = world.holders.an_account(account_draw, with_card=card_draw % 5 != 0)
    if customer is None:
        return NOTHING
    card = world.holders.a_card(card_draw, customer.id)
    cart = random_of(world.seed, f"cart {cart_draw % world.swarm.carts}")
    order = replace(
        an_order(cart, now=world.clock(), zone=world.terms.zone),
        contact=customer.contact,
        customer_id=customer.id,
        payment_method_id=card.id if card else None,
        idempotency_key=None,
        placed_by=CUSTOMER,
    )
    booked = await book(order, ports, world.terms)
    world.hand_out(booked.intent, booked.booking.id)
    paid = booked.intent.status if booked.intent and card else "not paid yet"
    return f"booked into the account: {world.label(booked.booking.id)}, {paid}"


async def pay_by_card(world: World, ports: Ports, decision: Decision) -> str:
    """Pay what a booking of theirs waits for: its price, or the difference to another slot."""
    booking_draw, card_draw, _ = decision.draws
    booking = world.a_booking(
        booking_draw,
        lambda each: world.awaits_payment(each) and world.holders.has_card(each.customer_id),
    )
    owner = booking.customer_id if booking else None
    card = world.holders.a_card(card_draw, owner) if owner else None
    if booking is None or owner is None or card is None:
        return NOTHING
    intent = await pay_with_card(booking.id, card.id, ports, world.terms, customer_id=owner)
    world.hand_out(intent, booking.id)
    return f"a saved card for {world.label(booking.id)}: {intent.status}"


async def leave(world: World, ports: Ports, decision: Decision) -> str:
    """Have the account deleted, which open bookings forbid."""
    customer = world.holders.an_account(decision.draws[0])
    if customer is None:
        return NOTHING
    await delete_account(customer, PASSWORD, ports, world.terms, CREDENTIALS)
    return "deleted the account"


SERVER: Final = Process.SERVER
ACTIONS: Final = (
    Action(name="holder registers", act=register, weight=1, process=SERVER),
    Action(name="holder shows the address is theirs", act=verify, weight=1.5, process=SERVER),
    Action(name="holder saves a card", act=keep_card, weight=2.5, process=SERVER),
    Action(name="holder prefers a card", act=prefer_card, weight=0.5, process=SERVER),
    Action(name="holder removes a card", act=give_up_card, weight=0.7, process=SERVER),
    Action(name="holder books", act=book_by_card, weight=4, process=SERVER),
    Action(name="holder pays by a saved card", act=pay_by_card, weight=3, process=SERVER),
    Action(name="holder leaves", act=leave, weight=1.5, process=SERVER),
)
