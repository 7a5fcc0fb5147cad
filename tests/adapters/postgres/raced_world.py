"""Bookings in the states in which writing use cases meet: rows in PostgreSQL, Stripe in memory."""

from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from tests.adapters.postgres.arena import Arena
from tests.builders import a_contact, a_customer, a_quote_request
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse, an_order, by_staff
from totetaxi_adapters.memory.cards import PAYS, REFUND_TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.outbox.perform_effect import perform_effect
from totetaxi_core.payments.decide_refund import RefundRequest, approve_refund, request_refund
from totetaxi_core.payments.gateway import IntentOrder, PaymentEvent, PaymentIntent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.send_refund import send_refund
from totetaxi_core.ports import Ports
from totetaxi_core.scheduling.schedule import Schedule

CODE = "WINTER10"
REQUESTED_CENTS, APPROVED_CENTS, SENT_CENTS, BY_HAND_CENTS = 10_000, 20_000, 15_000, 5_000


class State(StrEnum):
    """Where a booking stands when the race begins.

    `paid` and `link_paid` are so at Stripe and not known here; in `refunding` there is a refund in
    every state, one from the dashboard, and a second payment at Stripe; of `refunded` all money is
    on its way back; `late` was paid after its hold; of `linked` the pay page is open. `moving` is
    paid and waits for the difference to another slot, which `moved_at_stripe` has there. `cash` was
    paid so, and once more at Stripe.
    """

    UNOPENED = "unopened"
    WAITING = "waiting"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    LATE = "late"
    LINKED = "linked"
    LINK_PAID = "link_paid"
    MOVING = "moving"
    MOVED_AT_STRIPE = "moved_at_stripe"
    CASH = "cash"


@dataclass(kw_only=True)
class World:
    """One booking, its house, and what Stripe has of it; `second_intent` was paid twice."""

    arena: Arena
    house: MemoryHouse
    order: Order
    booking: Booking
    intent: PaymentIntent | None = None
    second_intent: PaymentIntent | None = None
    refund_ids: dict[RefundStatus, UUID] = field(default_factory=dict)
    sent_id: str = ""
    by_hand_id: str = ""
    session_id: str = ""
    given_up_id: UUID | None = None
    events: tuple[PaymentEvent, ...] = ()

    @property
    def ports(self) -> Ports:
        return self.house.ports

    @property
    def intent_id(self) -> str:
        assert self.intent is not None
        return self.intent.id

    @property
    def second_intent_id(self) -> str:
        assert self.second_intent is not None
        return self.second_intent.id

    async def work_off(self, *, mails: bool = False) -> int:
        """Do what is owed to Stripe, or the mails, and return how many effects that were."""
        due = await self.arena.due_effects(mails=mails)
        for effect_id in due:
            await perform_effect(effect_id, self.ports, self.house.terms)
        return len(due)


def a_house_on(uow_factory: PostgresUowFactory, *, crews: int) -> MemoryHouse:
    """Return a house whose rows are in PostgreSQL; its own database stays empty."""
    house = MemoryHouse(schedule=Schedule(closed_weekdays=frozenset(), default_crews=crews))
    house.ports = replace(house.ports, unit_of_work=uow_factory)
    return house


def order_of(name: str, *, at: time = time(9), code: str | None = None) -> Order:
    """Return an order for the raced morning, told from others by its customer's name."""
    return an_order(
        request=replace(a_quote_request(), pickup_time=at, discount_code=code),
        contact=a_contact(email=f"{name}@example.com"),
    )


async def a_world(
    arena: Arena, house: MemoryHouse, state: State, *, name: str, code: str | None
) -> World:
    """Bring one booking into the state, by the use cases themselves."""
    order = order_of(name, code=code)
    await _open_account(arena, order)
    if state is State.UNOPENED:
        booked = await house.book_order(replace(order, wants_intent=False))
        return World(arena=arena, house=house, order=order, booking=booked.booking)
    if state in (State.LINKED, State.LINK_PAID):
        order = replace(order, placed_by="maria", wants_intent=False)
    booked = await house.book_order(order)
    world = World(
        arena=arena, house=house, order=order, booking=booked.booking, intent=booked.intent
    )
    await _BUILDERS[state](world)
    world.events = house.stripe.take_events()
    return world


async def _open_account(arena: Arena, order: Order) -> None:
    """Have the one who orders own an account, which the booking goes into."""
    async with arena.uow_factory() as uow:
        await uow.customers.add(a_customer(email=order.contact.email))
        await uow.commit()


async def _wait(_world: World) -> None:
    """Leave it as it was booked."""


async def _pay_twice(world: World) -> None:
    world.house.stripe.pay(world.intent_id, PAYS)
    world.second_intent = await _paid_stray(world)


async def _pay_late(world: World) -> None:
    house = world.house
    timeout = CancellationReason.PAYMENT_TIMEOUT
    await end_unpaid(world.booking.id, world.ports, house.terms, reason=timeout)
    world.intent = await _paid_stray(world)


async def _settle(world: World) -> None:
    stripe = world.house.stripe
    settled = await world.house.settle(stripe.pay(world.intent_id, REFUND_TAKES_TIME))
    assert settled is not None
    world.booking = settled


async def _send_back(world: World, cents: int) -> UUID:
    """Send so much back, which the bank has not decided on yet."""
    sent = await _request(world, cents)
    await approve_refund(sent, world.ports, staff_name="lou")
    await send_refund(sent, world.ports)
    world.sent_id = world.house.stripe.refunds()[-1].id
    return sent


async def _refund_all(world: World) -> None:
    await _settle(world)
    await _send_back(world, world.booking.total_cents)


async def _refund(world: World) -> None:
    await _settle(world)
    sent = await _send_back(world, SENT_CENTS)
    approved = await _request(world, APPROVED_CENTS)
    await approve_refund(approved, world.ports, staff_name="lou")
    world.refund_ids = {
        RefundStatus.REQUESTED: await _request(world, REQUESTED_CENTS),
        RefundStatus.APPROVED: approved,
        RefundStatus.SENT: sent,
    }
    world.by_hand_id = world.house.stripe.refund_by_hand(world.intent_id, BY_HAND_CENTS).id
    world.second_intent = await _paid_stray(world)
    world.given_up_id = await _give_up_one(world)


async def _link(world: World) -> None:
    session = await open_payment_link(world.booking.id, world.ports, world.house.terms)
    world.session_id = session.id


async def _pay_link(world: World) -> None:
    await _link(world)
    world.intent = world.house.checkout.pay_session(world.session_id, PAYS)


async def _hold_next(world: World) -> None:
    """Have it wait for the difference to a Saturday, which is dearer."""
    await _settle(world)
    saturday = Rescheduling(
        booking_id=world.booking.id, pickup_date=date(2026, 12, 5), pickup_time=time(9)
    )
    offer = await preview_reschedule(saturday, world.ports, world.house.terms)
    held = await reschedule_booking(
        saturday, world.ports, world.house.terms, expected_total_cents=offer.quote.total_cents
    )
    world.intent = held.intent


async def _pay_next(world: World) -> None:
    await _hold_next(world)
    world.house.stripe.pay(world.intent_id, PAYS)


async def _pay_in_cash(world: World) -> None:
    house = world.house
    world.second_intent = await _paid_stray(world)
    world.booking = await confirm_in_cash(by_staff(world.booking), world.ports, house.terms)


_BUILDERS = {
    State.WAITING: _wait,
    State.PAID: _pay_twice,
    State.REFUNDING: _refund,
    State.REFUNDED: _refund_all,
    State.LATE: _pay_late,
    State.LINKED: _link,
    State.LINK_PAID: _pay_link,
    State.MOVING: _hold_next,
    State.MOVED_AT_STRIPE: _pay_next,
    State.CASH: _pay_in_cash,
}


async def _request(world: World, cents: int) -> UUID:
    asked = RefundRequest(reason="a box was wet", amount_cents=cents)
    return (await request_refund(world.booking.id, asked, world.ports, staff_name="maria")).id


async def _give_up_one(world: World) -> UUID:
    """Fail the sending of the approved refund, as if no retry could help."""
    effect_id = (await world.arena.due_effects())[-1]
    async with world.ports.unit_of_work() as uow:
        effect = await uow.outbox.get(effect_id, lock=True)
        assert effect is not None
        await uow.outbox.save(effect.fail("Stripe refuses us"))
        await uow.commit()
    return effect_id


async def _paid_stray(world: World) -> PaymentIntent:
    """Pay with an intent that carries our marks and that none of our attempts has."""
    async with world.ports.unit_of_work() as uow:
        payment = (await uow.payments.of_booking(world.booking.id))[0]
    stripe = world.house.stripe
    stray = await stripe.create_intent(
        IntentOrder(
            booking_id=world.booking.id,
            booking_number=world.booking.booking_number,
            payment_id=payment.id,
            attempt=9,
            amount_cents=world.booking.total_cents,
            receipt_email="ada@example.com",
        )
    )
    return stripe.pay(stray.id, PAYS)
