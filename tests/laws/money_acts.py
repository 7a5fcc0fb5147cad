"""Everything that moves a booking's money: payers, staff, Stripe's dashboard, banks and the clock.

An act is a name and a figure, which chooses among what there is or is an amount in cents.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Final, TypeVar

from tests.builders import PICKUP_AT
from tests.core.bookings.memory_house import MemoryHouse, an_order
from tests.core.customers.carding import a_stored_customer, save
from tests.core.payments.refunding import request
from tests.laws.house_accounts import TAKES_CARDS, all_bookings, handed_out
from totetaxi_adapters.memory.cards import (
    DECLINES,
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL,
    PAYS,
    REFUND_FAILS_LATER,
    REFUND_TAKES_TIME,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.payments.decide_refund import approve_refund, reject_refund
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent, RefundState
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_core.payments.refund import Refund
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.refusal import DomainError

CARDS: Final = (PAYS, REFUND_TAKES_TIME, REFUND_FAILS_LATER, DECLINES)
SAVED_CARDS: Final = (PAYS, DECLINES_ONCE_SAVED, NEEDS_APPROVAL)
NOTICE_HOURS: Final = (100, 47, 30, 3)
MAX_BOOKINGS: Final = 2
SLOTS: Final = (
    (date(2026, 12, 1), time(9)),
    (date(2026, 12, 1), time(10)),
    (date(2026, 12, 5), time(9)),
    (date(2026, 12, 12), time(10)),
    (date(2026, 12, 2), time(9)),
)

T = TypeVar("T")
Act = Callable[[MemoryHouse, int], Awaitable[None]]


async def book(house: MemoryHouse, figure: int) -> None:
    if len(all_bookings(house)) < MAX_BOOKINGS:
        await house.book_order(an_order(allow_duplicate=figure % 2 == 0))


async def book_into_account(house: MemoryHouse, figure: int) -> None:
    """Book for the one customer with an account, who has saved a card of each kind."""
    customers = list(house.database.customers.rows.values())
    if not customers:
        customers.append(await a_stored_customer(house))
        for card in SAVED_CARDS:
            await save(house, customers[0], card)
    if len(all_bookings(house)) < MAX_BOOKINGS:
        order = an_order(
            customer_id=customers[0].id,
            placed_by="customer",
            contact=customers[0].contact,
            wants_intent=figure % 2 == 0,
        )
        await house.book_order(order)


async def pay_with_saved_card(house: MemoryHouse, figure: int) -> None:
    booking = _chosen([each for each in all_bookings(house) if each.customer_id], figure)
    if booking is not None and booking.customer_id is not None:
        cards = list(house.database.payment_methods.rows.values())
        await pay_with_card(
            booking.id,
            cards[figure % len(cards)].id,
            house.ports,
            house.terms,
            customer_id=booking.customer_id,
        )


async def pay(house: MemoryHouse, figure: int) -> None:
    intent = _chosen([each for each in handed_out(house) if each.status in TAKES_CARDS], figure)
    if intent is not None:
        house.pay(intent, CARDS[figure % len(CARDS)])


async def pay_behind_our_back(house: MemoryHouse, figure: int) -> None:
    """Pay by an intent with our marks that we never made: at most one for each booking."""
    booking = _chosen(all_bookings(house), figure)
    if booking is not None:
        stray = await house.stray_intent(booking)
        if stray.status in TAKES_CARDS:
            house.pay(stray, CARDS[figure % len(CARDS)])


async def settle(house: MemoryHouse, figure: int) -> None:
    intent = _chosen(house.stripe.intents(), figure)
    if intent is not None:
        await house.settle(intent)


async def lapse(house: MemoryHouse, _figure: int) -> None:
    house.clock.advance(house.terms.hold)
    await expire_holds(house.ports, house.terms, limit=10)


async def cancel(house: MemoryHouse, figure: int) -> None:
    await _cancel_as_previewed(_chosen(all_bookings(house), figure), house, staff_name=None)


async def cancel_by_staff(house: MemoryHouse, figure: int) -> None:
    await _cancel_as_previewed(_chosen(all_bookings(house), figure), house, staff_name="maria")


async def move(house: MemoryHouse, figure: int) -> None:
    """Move a booking to one of five slots, two of which cost more, for the price shown there."""
    booking = _chosen(all_bookings(house), figure)
    if booking is None:
        return
    on, at = SLOTS[figure % len(SLOTS)]
    staff_name = "maria" if figure % 7 == 0 else None
    asked = Rescheduling(
        booking_id=booking.id, pickup_date=on, pickup_time=at, staff_name=staff_name
    )
    offer = await preview_reschedule(asked, house.ports, house.terms)
    cents = offer.quote.total_cents
    await reschedule_booking(asked, house.ports, house.terms, expected_total_cents=cents)


async def ask_back(house: MemoryHouse, figure: int) -> None:
    booking = _chosen(all_bookings(house), figure)
    if booking is not None:
        await request(booking, house, amount_cents=figure)


async def ask_all_back(house: MemoryHouse, figure: int) -> None:
    booking = _chosen(all_bookings(house), figure)
    if booking is not None:
        await request(booking, house)


async def approve(house: MemoryHouse, figure: int) -> None:
    refund = _chosen(all_refunds(house), figure)
    if refund is not None:
        await approve_refund(refund.id, house.ports, staff_name="lou")


async def reject(house: MemoryHouse, figure: int) -> None:
    refund = _chosen(all_refunds(house), figure)
    if refund is not None:
        await reject_refund(refund.id, house.ports, staff_name="lou")


async def send_back(house: MemoryHouse, figure: int) -> None:
    """Ask for a refund, approve it and send it."""
    booking = _chosen(all_bookings(house), figure)
    if booking is not None:
        refund = await request(booking, house, amount_cents=max(1, figure // 3))
        await approve_refund(refund.id, house.ports, staff_name="lou")
        await house.work_off()


async def refund_by_hand(house: MemoryHouse, figure: int) -> None:
    intent = _chosen(_paid(house), figure)
    if intent is not None:
        house.stripe.refund_by_hand(intent.id, figure)


async def bank_pays_out(house: MemoryHouse, figure: int) -> None:
    pending = [each for each in house.stripe.refunds() if each.state is RefundState.PENDING]
    refund = _chosen(pending, figure)
    if refund is not None:
        house.stripe.settle_refund(refund.id, succeeds=True)


async def bank_sends_back(house: MemoryHouse, figure: int) -> None:
    """Let a refund fail, even one that had arrived."""
    refund = _chosen(house.stripe.refunds(), figure)
    if refund is not None:
        house.stripe.settle_refund(refund.id, succeeds=False)


async def dispute(house: MemoryHouse, figure: int) -> None:
    intent = _chosen(_paid(house), figure)
    if intent is not None:
        with suppress(ValueError):  # as much is not left, or a bank has it already
            house.disputes.open_dispute(intent.id, figure, inquiry=figure % 3 == 0)


async def judge(house: MemoryHouse, figure: int) -> None:
    found = _chosen(house.disputes.disputes(), figure)
    if found is not None:
        with suppress(ValueError):  # what it would take has gone back since
            house.disputes.close_dispute(found.id, won=figure % 2 == 0)


async def hear(house: MemoryHouse, _figure: int) -> None:
    """Let every event in and do what is owed."""
    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()


async def wait(house: MemoryHouse, figure: int) -> None:
    """Let time pass, to one of the notices by which the cancellation terms differ."""
    notice = timedelta(hours=NOTICE_HOURS[figure % len(NOTICE_HOURS)])
    house.clock.advance(max(PICKUP_AT - notice - house.clock(), timedelta(hours=1)))


ACTS: Final[tuple[Act, ...]] = (
    book,
    book_into_account,
    pay_with_saved_card,
    pay,
    pay_behind_our_back,
    settle,
    lapse,
    cancel,
    cancel_by_staff,
    move,
    ask_back,
    ask_all_back,
    approve,
    reject,
    send_back,
    refund_by_hand,
    bank_pays_out,
    bank_sends_back,
    dispute,
    judge,
    hear,
    wait,
)


async def come_to_rest(house: MemoryHouse) -> None:
    """Let everybody finish: banks pay out, holds lapse, retries run until nothing is owed."""
    for refund in house.stripe.refunds():
        if refund.state is RefundState.PENDING:
            house.stripe.settle_refund(refund.id, succeeds=True)
    for intent in house.stripe.intents():
        await house.settle(intent)
    for _ in range(4):
        await lapse(house, 0)
        house.clock.advance(timedelta(hours=1))
        async with house.ports.unit_of_work() as uow:
            await uow.outbox.defer_due(now=house.clock(), limit=1_000)
            await uow.commit()
        await hear(house, 0)


def all_refunds(house: MemoryHouse) -> list[Refund]:
    return list(house.database.refunds.rows.values())


async def _cancel_as_previewed(
    booking: Booking | None, house: MemoryHouse, *, staff_name: str | None
) -> None:
    """Cancel as previewed, and see that exactly that comes back."""
    if booking is None:
        return
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    offer = await preview_cancellation(cancelling, house.ports)
    before = {refund.id for refund in all_refunds(house)}
    is_moving = any(
        row.booking_id == booking.id and row.state is RescheduleState.PENDING
        for row in house.database.reschedules.rows.values()
    )
    try:
        await cancel_booking(
            cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
        )
    except DomainError as refusal:
        # Only that of one that waits for a payment can: its payer may have been faster.
        assert is_moving or booking.status is BookingStatus.PENDING, refusal.code  # noqa: PT017
        raise
    owed = [one.amount_cents for one in all_refunds(house) if one.id not in before]
    assert sum(owed) == offer.refund_cents <= offer.paid_cents


def _paid(house: MemoryHouse) -> list[PaymentIntent]:
    return [each for each in house.stripe.intents() if each.status is IntentStatus.SUCCEEDED]


def _chosen(things: Sequence[T], figure: int) -> T | None:
    return things[figure % len(things)] if things else None
