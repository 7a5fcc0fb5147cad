"""The table of everything that writes: whom to ask, and in which states of a booking.

A row more here is raced against all the others by `test_pair_races`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from itertools import combinations_with_replacement

from tests.adapters.postgres.moving_use_cases import (
    expire_move,
    move,
    move_by_staff,
    move_dearer,
)
from tests.adapters.postgres.raced_world import CODE, State, World, order_of
from tests.adapters.postgres.staff_use_cases import (
    approve,
    complete,
    note,
    reject,
    request,
    start,
    take_cash,
)
from tests.core.bookings.sample_books import book_with_petite_at
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.end_unpaid import cancel_unpaid, end_unpaid
from totetaxi_core.notifications.alert_standstill import alert_standstill
from totetaxi_core.outbox.retry_effect import retry_effect
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.follow_dispute import follow_dispute
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link, renew_payment_link
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.send_refund import follow_refund, send_refund
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.payments.settle_session import settle_session
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.reconciliation.keep_watch import keep_watch

DONE = "done"
UNPAID = {State.UNOPENED: DONE, State.WAITING: DONE, State.LINKED: DONE}
ANYWHERE = dict.fromkeys(State, DONE)
PAID = {State.PAID: DONE, State.LINK_PAID: DONE}
REFUNDING = {State.REFUNDING: DONE}
MOVING = {State.MOVING: DONE, State.MOVED_AT_STRIPE: DONE}
CASH = {State.CASH: DONE}
CHARGED = REFUNDING | {State.REFUNDED: DONE}
DISPUTED_CENTS = 7_000

Act = Callable[[World, int], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class WritingUseCase:
    """One who writes. `alone` has what it answers in each state in which it can be asked.

    The act is given its number, 0 or 1: two of a kind may be two customers.
    """

    name: str
    act: Act
    alone: Mapping[State, str] = field(default_factory=lambda: ANYWHERE)


async def book_same_cart(world: World, _number: int) -> object:
    return await world.house.book_order(world.order)


async def book_last_crew(world: World, number: int) -> object:
    return await world.house.book_order(order_of(f"bo{number}", at=time(10)))


async def book_last_code_use(world: World, number: int) -> object:
    return await world.house.book_order(order_of(f"cy{number}", at=time(8), code=CODE))


async def open_payment(world: World, _number: int) -> object:
    return await open_intent(world.booking.id, world.ports, world.house.terms)


async def settle(world: World, _number: int) -> object:
    return await settle_intent(world.intent_id, world.ports, world.house.terms)


async def settle_second(world: World, _number: int) -> object:
    return await settle_intent(world.second_intent_id, world.ports, world.house.terms)


async def hear_events(world: World, _number: int) -> object:
    for event in world.events:
        await take_event(event, world.ports)
    return await world.work_off()


async def expire(world: World, _number: int) -> object:
    timeout = CancellationReason.PAYMENT_TIMEOUT
    return await end_unpaid(world.booking.id, world.ports, world.house.terms, reason=timeout)


async def drop_unpaid(world: World, _number: int) -> object:
    return await cancel_unpaid(world.booking.id, world.ports, world.house.terms)


async def cancel(world: World, _number: int) -> object:
    return await _cancel(world, Cancelling(booking_id=world.booking.id))


async def cancel_by_staff(world: World, _number: int) -> object:
    return await _cancel(world, Cancelling(booking_id=world.booking.id, staff_name="maria"))


async def _cancel(world: World, cancelling: Cancelling) -> object:
    offer = await preview_cancellation(cancelling, world.ports)
    return await cancel_booking(
        cancelling, world.ports, world.house.terms, expected_refund_cents=offer.refund_cents
    )


async def send(world: World, _number: int) -> object:
    return await send_refund(world.refund_ids[RefundStatus.APPROVED], world.ports)


async def follow_success(world: World, _number: int) -> object:
    world.house.stripe.settle_refund(world.sent_id, succeeds=True)
    return await follow_refund(world.sent_id, world.ports)


async def follow_failure(world: World, _number: int) -> object:
    world.house.stripe.settle_refund(world.sent_id, succeeds=False)
    return await follow_refund(world.sent_id, world.ports)


async def take_in(world: World, _number: int) -> object:
    return await follow_refund(world.by_hand_id, world.ports)


async def dispute(world: World, _number: int) -> object:
    """Hear of a dispute at the bank, both of the same one."""
    desk = world.house.disputes
    known = desk.disputes() or (desk.open_dispute(world.intent_id, DISPUTED_CENTS),)
    return await follow_dispute(known[0].id, world.ports)


async def open_link(world: World, _number: int) -> object:
    return await open_payment_link(world.booking.id, world.ports, world.house.terms)


async def renew_link(world: World, number: int) -> object:
    return await renew_payment_link(
        world.booking.id, world.ports, world.house.terms, staff_name=f"ann{number}"
    )


async def settle_link(world: World, _number: int) -> object:
    return await settle_session(world.session_id, world.ports, world.house.terms)


async def mend(world: World, _number: int) -> object:
    """Reconcile an hour on, when nothing is on its way any more."""
    now = world.ports.clock() + timedelta(hours=1)
    return await keep_watch(replace(world.ports, clock=lambda: now), world.house.terms)


async def keep_mails(world: World, _number: int) -> object:
    return await world.work_off(mails=True)


async def retry(world: World, number: int) -> object:
    assert world.given_up_id is not None
    return await retry_effect(world.given_up_id, world.ports, staff_name=f"ann{number}")


async def alarm(world: World, _number: int) -> object:
    return await alert_standstill(None, world.ports, world.house.terms)


async def check(world: World, _number: int) -> object:
    return await check_payments(world.ports, world.house.terms, pause=timedelta(0), limit=10)


async def sweep(world: World, _number: int) -> object:
    async with world.ports.unit_of_work() as uow:
        deferred = await uow.outbox.defer_due(
            now=world.ports.clock() + timedelta(minutes=1), limit=100
        )
        await uow.commit()
    return deferred


async def publish(world: World, number: int) -> object:
    now = world.ports.clock()
    async with world.ports.unit_of_work() as uow:
        current = await uow.price_books.current(at=now)
        book = replace(book_with_petite_at(70_000 + number), version=current.version)
        published = await uow.price_books.publish(
            book, based_on=current.version, by="maria", effective_at=now, at=now
        )
        await uow.commit()
    return published


USE_CASES = (
    WritingUseCase(
        name="book_same_cart",
        act=book_same_cart,
        alone=ANYWHERE | dict.fromkeys(CHARGED | MOVING | CASH, "duplicate_booking"),
    ),
    WritingUseCase(name="book_last_crew", act=book_last_crew),
    WritingUseCase(name="book_last_code_use", act=book_last_code_use),
    WritingUseCase(
        name="open_payment",
        act=open_payment,
        alone=UNPAID | MOVING | {State.PAID: DONE, State.LINK_PAID: "invalid_transition"},
    ),
    WritingUseCase(
        name="settle",
        act=settle,
        alone=PAID | MOVING | {State.WAITING: DONE, State.LATE: DONE},
    ),
    WritingUseCase(
        name="settle_second",
        act=settle_second,
        alone=CASH | {State.PAID: DONE, State.REFUNDING: DONE},
    ),
    WritingUseCase(name="hear_events", act=hear_events),
    WritingUseCase(name="expire", act=expire, alone=UNPAID | PAID),
    WritingUseCase(
        name="drop_unpaid",
        act=drop_unpaid,
        alone=UNPAID | dict.fromkeys(PAID, "invalid_transition"),
    ),
    WritingUseCase(
        name="cancel",
        act=cancel,
        alone=UNPAID
        | CHARGED
        | CASH
        | dict.fromkeys((*PAID, State.MOVED_AT_STRIPE), "refund_changed")
        | {State.MOVING: DONE},
    ),
    WritingUseCase(
        name="cancel_by_staff",
        act=cancel_by_staff,
        alone=UNPAID
        | CHARGED
        | CASH
        | dict.fromkeys((*PAID, State.MOVED_AT_STRIPE), "refund_changed")
        | {State.MOVING: DONE},
    ),
    WritingUseCase(
        name="take_cash",
        act=take_cash,
        alone=UNPAID | dict.fromkeys(PAID, "invalid_transition"),
    ),
    WritingUseCase(
        name="start",
        act=start,
        alone=CHARGED | CASH | {State.MOVING: DONE, State.MOVED_AT_STRIPE: "stale_version"},
    ),
    WritingUseCase(
        name="complete",
        act=complete,
        alone=CHARGED | CASH | {State.MOVING: DONE, State.MOVED_AT_STRIPE: "stale_version"},
    ),
    WritingUseCase(name="note", act=note),
    WritingUseCase(
        name="request", act=request, alone=REFUNDING | {State.REFUNDED: "refund_exceeds_payment"}
    ),
    WritingUseCase(name="approve", act=approve, alone=REFUNDING),
    WritingUseCase(name="reject", act=reject, alone=REFUNDING),
    WritingUseCase(name="send", act=send, alone=REFUNDING),
    WritingUseCase(name="follow_success", act=follow_success, alone=CHARGED),
    WritingUseCase(name="follow_failure", act=follow_failure, alone=CHARGED),
    WritingUseCase(name="take_in", act=take_in, alone=REFUNDING),
    WritingUseCase(name="dispute", act=dispute, alone=REFUNDING),
    WritingUseCase(
        name="open_link", act=open_link, alone=UNPAID | {State.LINK_PAID: "invalid_transition"}
    ),
    WritingUseCase(
        name="renew_link", act=renew_link, alone=UNPAID | {State.LINK_PAID: "invalid_transition"}
    ),
    WritingUseCase(
        name="settle_link", act=settle_link, alone={State.LINKED: DONE, State.LINK_PAID: DONE}
    ),
    WritingUseCase(name="move", act=move, alone=UNPAID | PAID | CHARGED | {State.MOVING: DONE}),
    WritingUseCase(name="move_dearer", act=move_dearer, alone=UNPAID | PAID | CHARGED | MOVING),
    WritingUseCase(name="move_by_staff", act=move_by_staff, alone=UNPAID | CHARGED | MOVING),
    WritingUseCase(name="expire_move", act=expire_move, alone=MOVING),
    WritingUseCase(name="mend", act=mend),
    WritingUseCase(name="keep_mails", act=keep_mails),
    WritingUseCase(name="retry", act=retry, alone=REFUNDING),
    WritingUseCase(name="alarm", act=alarm),
    WritingUseCase(name="check", act=check),
    WritingUseCase(name="sweep", act=sweep),
    WritingUseCase(name="publish", act=publish),
)
PAIRS = tuple(combinations_with_replacement(USE_CASES, 2))
