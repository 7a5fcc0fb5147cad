"""Customers: they book, book again, pay in two tabs, change their minds, and pay too late."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Final
from uuid import UUID

from totetaxi_adapters.memory.cards import (
    DECLINES,
    NEEDS_APPROVAL,
    PAYS,
    REFUND_FAILS_LATER,
    REFUND_TAKES_TIME,
    TAKES_TIME,
)
from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.catalogue import an_order
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision, random_of
from totetaxi_adapters.simulation.promises.books import ACTIVE
from totetaxi_adapters.simulation.promises.terms import check_cancellation
from totetaxi_adapters.simulation.world import Likely, World
from totetaxi_core.bookings.book_as_guest import book_as_guest
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking, preview_cancellation
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.payments.checkout import SessionStatus
from totetaxi_core.payments.confirm_payment import confirm_payment
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.ports import Ports
from totetaxi_core.pricing.preview_price import preview_price

CARDS: Final = (
    PAYS,
    PAYS,
    PAYS,
    DECLINES,
    NEEDS_APPROVAL,
    TAKES_TIME,
    REFUND_TAKES_TIME,
    REFUND_FAILS_LATER,
)
PAYABLE: Final = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})
THINKING_S: Final = (0, 0, 0, 1, 5, 60, 600)
EDGES: Final = (timedelta(hours=48), timedelta(hours=24))
MOMENTS: Final = tuple(timedelta(seconds=seconds) for seconds in (-1_800, -1, 0, 1, 1_800))
MOVES: Final = tuple((days, at) for days in (-1, 0, 1, 2, 5) for at in (time(8), time(9), time(10)))


async def book(world: World, ports: Ports, decision: Decision) -> str:
    cart_draw, intent_draw, twice_draw = decision.draws
    cart = random_of(world.seed, f"cart {cart_draw % world.swarm.carts}")
    order = an_order(cart, now=world.clock(), zone=world.terms.zone)
    order = replace(order, wants_intent=intent_draw % 4 != 0, allow_duplicate=twice_draw % 9 == 0)
    booked = await book_as_guest(order, ports, world.terms)
    world.hand_out(booked.intent, booked.booking.id)
    repeat = " again" if booked.is_repeat or booked.is_replay else ""
    return f"booked{repeat}: {world.label(booked.booking.id)}, {booked.booking.total_cents} cents"


async def book_at_a_shown_price(world: World, ports: Ports, decision: Decision) -> str:
    """Look at the price, think, and book: by the quote token, or expecting just that total."""
    cart_draw, way_draw, think_draw = decision.draws
    cart = random_of(world.seed, f"cart {cart_draw % world.swarm.carts}")
    order = an_order(cart, now=world.clock(), zone=world.terms.zone)
    async with ports.unit_of_work() as uow:
        book_now = await uow.price_books.current(at=ports.clock())
    email = order.contact.email
    shown = await preview_price(order.request, book_now, ports, world.terms, email=email)
    await world.pause(nth(think_draw, THINKING_S))
    if way_draw % 2:
        order = replace(order, quote_token=shown.quote_token)
    else:
        order = replace(order, expected_total_cents=shown.quote.total_cents)
    booked = await book_as_guest(order, ports, world.terms)
    world.hand_out(booked.intent, booked.booking.id)
    cents, shown_cents = booked.booking.total_cents, shown.quote.total_cents
    if cents != shown_cents and not booked.is_replay:
        world.break_word(f"{shown_cents} cents were shown, {cents} are asked for")
    return f"booked as shown: {world.label(booked.booking.id)}, {cents} cents"


async def ask_to_pay(world: World, ports: Ports, decision: Decision) -> str:
    booking = world.a_booking(decision.draws[0], world.awaits_payment)
    if booking is None:
        return NOTHING
    intent = await open_intent(booking.id, ports, world.terms)
    world.hand_out(intent, booking.id)
    return f"may pay for {world.label(booking.id)}"


async def pay(world: World, ports: Ports, decision: Decision) -> str:
    """Present a card; the browser of every other payer then says so, at once or after a while."""
    intent_draw, card_draw, then_draw = decision.draws
    intent = world.an_intent(intent_draw, lambda each: each.status in PAYABLE)
    if intent is None or intent.booking_id is None:
        return NOTHING
    card = nth(card_draw, CARDS)
    paid = world.stripe.pay(intent.id, card)
    said = f"{card} for {world.label(intent.booking_id)}: {paid.status}"
    if then_draw % 2:
        await world.pause(nth(then_draw // 2, THINKING_S))
        return f"{said}, {await _confirmed(intent, intent.booking_id, world, ports)}"
    return said


async def confirm(world: World, ports: Ports, decision: Decision) -> str:
    intent = world.an_intent(decision.draws[0], lambda _: True)
    if intent is None or intent.booking_id is None:
        return NOTHING
    return await _confirmed(intent, intent.booking_id, world, ports)


async def cancel(world: World, ports: Ports, decision: Decision) -> str:
    """Look at what comes back, think, and cancel for exactly that."""
    booking_draw, think_draw, _ = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status in ACTIVE)
    if booking is None:
        return NOTHING
    return await _cancelled(booking, world, ports, think_s=nth(think_draw, THINKING_S))


async def cancel_at_an_edge(world: World, ports: Ports, decision: Decision) -> str:
    """Cancel just before, at, or just after the instant from which less comes back."""
    booking_draw, edge_draw, moment_draw = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status is BookingStatus.CONFIRMED)
    if booking is None:
        return NOTHING
    at = booking.pickup_at - nth(edge_draw, EDGES) + nth(moment_draw, MOMENTS)
    if at > world.clock():
        world.clock.set(at)
    return await _cancelled(booking, world, ports, think_s=0)


async def _cancelled(booking: Booking, world: World, ports: Ports, *, think_s: int) -> str:
    cancelling = Cancelling(booking_id=booking.id)
    offer = await preview_cancellation(cancelling, ports)
    await world.pause(think_s)
    cancelled = await cancel_booking(
        cancelling, ports, world.terms, expected_refund_cents=offer.refund_cents
    )
    for wrong in check_cancellation(cancelled.booking, offer):
        world.break_word(wrong)
    return f"cancelled {world.label(booking.id)} for {offer.refund_cents} cents"


async def move(world: World, ports: Ports, decision: Decision) -> str:
    """Look at the price in another slot, think, and move there for just that."""
    booking_draw, slot_draw, card_draw = decision.draws
    booking = world.a_booking(booking_draw, may_move(slot_draw, world))
    if booking is None:
        return NOTHING
    owner = booking.customer_id
    card = world.holders.a_card(card_draw, owner) if owner else None
    asked = replace(
        a_slot(slot_draw, booking),
        customer_id=owner if card else None,
        payment_method_id=card.id if card else None,
    )
    return await moved(asked, world, ports, think_s=nth(card_draw, THINKING_S))


def may_move(draw: int, world: World) -> Likely:
    """Prefer bookings that are paid, every third time any, whose pickup is still to come."""
    standing = ACTIVE if draw % 3 == 0 else {BookingStatus.CONFIRMED}
    return lambda each: each.status in standing and each.pickup_at > world.clock()


def a_slot(draw: int, booking: Booking) -> Rescheduling:
    """Choose when to move the booking to."""
    days, at = nth(draw, MOVES)
    pickup_date = booking.quote.request.pickup_date + timedelta(days=days)
    return Rescheduling(booking_id=booking.id, pickup_date=pickup_date, pickup_time=at)


async def moved(asked: Rescheduling, world: World, ports: Ports, *, think_s: int) -> str:
    """Move it as shown; if nobody else changed it meanwhile, it costs what was shown."""
    offer = await preview_reschedule(asked, ports, world.terms)
    await world.pause(think_s)
    shown_cents = offer.quote.total_cents
    done = await reschedule_booking(asked, ports, world.terms, expected_total_cents=shown_cents)
    world.hand_out(done.intent, asked.booking_id)
    stands, total_cents = done.booking.quote.request, done.booking.total_cents
    is_there = (stands.pickup_date, stands.pickup_time) == (asked.pickup_date, asked.pickup_time)
    is_next = done.booking.version == offer.booking.version + 1
    if is_there and is_next and total_cents != shown_cents:
        world.break_word(f"{shown_cents} cents were shown there, it costs {total_cents}")
    where = "waits to move" if done.pending else "has moved"
    return f"{world.label(asked.booking_id)} {where}, for {shown_cents} cents"


async def approve(world: World, _ports: Ports, decision: Decision) -> str:
    """Answer the bank's question whether it is really them."""
    intent_draw, answer_draw, _ = decision.draws
    intent = world.an_intent(
        intent_draw, lambda each: each.status is IntentStatus.REQUIRES_ACTION, of_payers=False
    )
    if intent is None:
        return NOTHING
    decided = world.stripe.decide(intent.id, approve=answer_draw % 3 != 0)
    return f"answered the bank about {world.label(intent.booking_id)}: {decided.status}"


async def open_page(world: World, ports: Ports, decision: Decision) -> str:
    """Follow the link in the mail, to Stripe's own pay page."""
    booking = world.a_booking(decision.draws[0], world.awaits_payment)
    if booking is None:
        return NOTHING
    page = await open_payment_link(booking.id, ports, world.terms)
    world.opened_pages[page.id] = booking.id
    return f"may pay for {world.label(booking.id)} on a page"


async def pay_on_page(world: World, _ports: Ports, decision: Decision) -> str:
    """Pay on a page that was opened, however long ago."""
    page_draw, card_draw, _ = decision.draws
    pages = [
        each
        for each in (world.pages.session(page_id) for page_id in world.opened_pages)
        if each.status is SessionStatus.OPEN
    ]
    if not pages:
        return NOTHING
    page, card = nth(page_draw, pages), nth(card_draw, CARDS)
    intent = world.pages.pay_session(page.id, card)
    return f"{card} on a page for {world.label(page.booking_id)}: {intent.status}"


async def _confirmed(intent: PaymentIntent, booking_id: UUID, world: World, ports: Ports) -> str:
    booking = await confirm_payment(booking_id, intent.id, ports, world.terms)
    return f"{world.label(booking_id)} is {booking.status}"


SERVER: Final = Process.SERVER
ACTIONS: Final = (
    Action(name="customer books", act=book, weight=16, process=SERVER, is_vital=True),
    Action(name="customer books as shown", act=book_at_a_shown_price, weight=5, process=SERVER),
    Action(name="customer asks to pay", act=ask_to_pay, weight=7, process=SERVER),
    Action(name="customer pays", act=pay, weight=14, process=SERVER, is_vital=True),
    Action(name="customer opens a pay page", act=open_page, weight=6, process=SERVER),
    Action(name="customer pays on a page", act=pay_on_page, weight=8, process=Process.OUTSIDE),
    Action(name="customer says it paid", act=confirm, weight=4, process=SERVER),
    Action(name="customer cancels", act=cancel, weight=5, process=SERVER),
    Action(name="customer cancels at an edge", act=cancel_at_an_edge, weight=2, process=SERVER),
    Action(name="customer moves a booking", act=move, weight=6, process=SERVER),
    Action(name="customer answers the bank", act=approve, weight=4, process=Process.OUTSIDE),
)
