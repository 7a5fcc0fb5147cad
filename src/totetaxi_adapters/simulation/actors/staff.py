"""Staff: they book by phone, take cash, cancel, ask for refunds, approve and reject them."""

from dataclasses import replace
from typing import Final

from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.actors.customer import a_slot, may_move, moved
from totetaxi_adapters.simulation.catalogue import SEASONS, an_order, price_book
from totetaxi_adapters.simulation.choice import choose, nth
from totetaxi_adapters.simulation.history import Decision, random_of
from totetaxi_adapters.simulation.promises.books import ACTIVE
from totetaxi_adapters.simulation.promises.terms import check_cancellation
from totetaxi_adapters.simulation.world import World
from totetaxi_core.bookings.book_as_guest import book_as_guest
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking, preview_cancellation
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.payments.decide_refund import (
    RefundRequest,
    approve_refund,
    reject_refund,
    request_refund,
)
from totetaxi_core.payments.open_payment_link import renew_payment_link
from totetaxi_core.ports import Ports

NAMES: Final = ("maria", "lou")


async def book_by_phone(world: World, ports: Ports, decision: Decision) -> str:
    cart_draw, name_draw, _ = decision.draws
    cart = random_of(world.seed, f"cart {cart_draw % world.swarm.carts}")
    order = replace(
        an_order(cart, now=world.clock(), zone=world.terms.zone),
        placed_by=nth(name_draw, NAMES),
        wants_intent=False,
        idempotency_key=None,
    )
    booked = await book_as_guest(order, ports, world.terms)
    return f"booked {world.label(booked.booking.id)}, {booked.booking.total_cents} cents"


async def take_cash(world: World, ports: Ports, decision: Decision) -> str:
    booking_draw, name_draw, _ = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status is BookingStatus.PENDING)
    if booking is None:
        return NOTHING
    change = StatusChange(booking_id=booking.id, staff_name=nth(name_draw, NAMES))
    confirmed = await confirm_in_cash(change, ports, world.terms)
    return f"took {confirmed.total_cents} cents in cash for {world.label(booking.id)}"


async def cancel(world: World, ports: Ports, decision: Decision) -> str:
    booking_draw, name_draw, _ = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status in ACTIVE)
    if booking is None:
        return NOTHING
    cancelling = Cancelling(booking_id=booking.id, staff_name=nth(name_draw, NAMES))
    offer = await preview_cancellation(cancelling, ports)
    cancelled = await cancel_booking(
        cancelling, ports, world.terms, expected_refund_cents=offer.refund_cents
    )
    for wrong in check_cancellation(cancelled.booking, offer):
        world.break_word(wrong)
    return f"cancelled {world.label(booking.id)} for {offer.refund_cents} cents"


async def move(world: World, ports: Ports, decision: Decision) -> str:
    """Move it for a customer on the phone, who is mailed a link to pay what it costs more."""
    booking_draw, slot_draw, name_draw = decision.draws
    booking = world.a_booking(booking_draw, may_move(slot_draw, world))
    if booking is None:
        return NOTHING
    asked = replace(a_slot(slot_draw, booking), staff_name=nth(name_draw, NAMES))
    return await moved(asked, world, ports, think_s=0)


async def ask_for_refund(world: World, ports: Ports, decision: Decision) -> str:
    """Ask for all that is left, or for an amount that only a few of fit into the charge."""
    booking_draw, amount_draw, name_draw = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.confirmed_at is not None)
    if booking is None or not booking.total_cents:
        return NOTHING
    parts = (None, booking.total_cents, booking.total_cents * 2 // 3, 1)
    request = RefundRequest(reason="a box was wet", amount_cents=nth(amount_draw, parts))
    refund = await request_refund(booking.id, request, ports, staff_name=nth(name_draw, NAMES))
    return f"asked for {refund.amount_cents} cents of {world.label(booking.id)}"


async def approve(world: World, ports: Ports, decision: Decision) -> str:
    refund_draw, name_draw, _ = decision.draws
    refund_id = choose(refund_draw, world.requests, name=world.requests.__getitem__)
    if refund_id is None:
        return NOTHING
    refund = await approve_refund(refund_id, ports, staff_name=nth(name_draw, NAMES))
    return f"approved {refund.amount_cents} cents of {world.label(refund.booking_id)}"


async def reject(world: World, ports: Ports, decision: Decision) -> str:
    refund_draw, name_draw, _ = decision.draws
    refund_id = choose(refund_draw, world.requests, name=world.requests.__getitem__)
    if refund_id is None:
        return NOTHING
    refund = await reject_refund(refund_id, ports, staff_name=nth(name_draw, NAMES))
    return f"rejected {refund.amount_cents} cents of {world.label(refund.booking_id)}"


async def renew_link(world: World, ports: Ports, decision: Decision) -> str:
    booking_draw, name_draw, _ = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status is BookingStatus.PENDING)
    if booking is None:
        return NOTHING
    await renew_payment_link(booking.id, ports, world.terms, staff_name=nth(name_draw, NAMES))
    return f"sent a new link for {world.label(booking.id)}"


async def publish_prices(_world: World, ports: Ports, decision: Decision) -> str:
    """Publish the prices of another season, for bookings from now on."""
    season_draw, name_draw, _ = decision.draws
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        current = await uow.price_books.current(at=now)
        published = await uow.price_books.publish(
            price_book(season_draw % SEASONS),
            based_on=current.version,
            by=nth(name_draw, NAMES),
            effective_at=now,
            at=now,
        )
        await uow.commit()
    return f"version {published.version}"


SERVER: Final = Process.SERVER
ACTIONS: Final = (
    Action(name="staff book", act=book_by_phone, weight=2, process=SERVER),
    Action(name="staff cancel", act=cancel, weight=3, process=SERVER),
    Action(name="staff move a booking", act=move, weight=2, process=SERVER),
    Action(name="staff take cash", act=take_cash, weight=1, process=SERVER),
    Action(name="staff publish prices", act=publish_prices, weight=1, process=SERVER),
    Action(name="staff send a new link", act=renew_link, weight=3, process=SERVER),
    Action(name="staff ask for a refund", act=ask_for_refund, weight=5, process=SERVER),
    Action(name="staff approve a refund", act=approve, weight=5, process=SERVER),
    Action(name="staff reject a refund", act=reject, weight=2, process=SERVER),
)
