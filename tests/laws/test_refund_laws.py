"""Whatever staff, customers, Stripe, its dashboard and banks do: never more than was charged."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, PICKUP_AT
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import PAYS, REFUND_FAILS_LATER, REFUND_TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import (
    CancellationOffer,
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.ledger.account import Account
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.decide_refund import reject_refund
from totetaxi_core.payments.gateway import RefundState
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.refusal import DomainError

CHARGED = 99_500
CENTS = st.sampled_from([1, 20_000, 50_000, CHARGED, CHARGED + 1]) | st.integers(1, CHARGED)
ACTS = st.one_of(
    st.tuples(st.just("request"), CENTS),
    st.tuples(st.sampled_from(["by_hand", "dispute", "inquire"]), CENTS),
    st.tuples(
        st.sampled_from(
            ["approve", "reject", "succeed", "fail", "win", "lose", "cancel", "staff", "events"]
        ),
        st.integers(0, 5),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 72])),
)
CARDS = st.sampled_from([PAYS, REFUND_FAILS_LATER, REFUND_TAKES_TIME])
GONE_BACK = {RefundState.PENDING, RefundState.SUCCEEDED}


async def act(name: str, figure: int, booking: Booking, house: MemoryHouse) -> None:
    match name:
        case "request":
            await request(booking, house, amount_cents=figure)
        case "by_hand":
            house.stripe.refund_by_hand(house.stripe.intents()[0].id, figure)
        case "approve" | "reject":
            await decide(name, figure, booking, house)
        case "succeed" | "fail":
            let_bank_decide(figure, house, succeeds=name == "succeed")
        case "dispute" | "inquire":
            let_payer_dispute(figure, house, inquiry=name == "inquire")
        case "win" | "lose":
            let_bank_judge(figure, house, won=name == "win")
        case "cancel" | "staff":
            await cancel(booking, house, staff_name="maria" if name == "staff" else None)
        case "events":
            await deliver(house)
        case "wait":
            house.clock.advance(timedelta(hours=figure))


async def decide(name: str, figure: int, booking: Booking, house: MemoryHouse) -> None:
    refunds = house.refunds(booking)
    if refunds:
        chosen = refunds[figure % len(refunds)]
        if name == "approve":
            await approve(chosen, house)
        else:
            await reject_refund(chosen.id, house.ports, staff_name="lou")


def let_bank_decide(figure: int, house: MemoryHouse, *, succeeds: bool) -> None:
    """Let a pending refund arrive; let any come back, even one that had arrived."""
    at_stripe = house.stripe.refunds()
    if at_stripe:
        chosen = at_stripe[figure % len(at_stripe)]
        if chosen.state is RefundState.PENDING or not succeeds:
            house.stripe.settle_refund(chosen.id, succeeds=succeeds)


def let_payer_dispute(figure: int, house: MemoryHouse, *, inquiry: bool) -> None:
    """Dispute as much, where as much is left."""
    with suppress(ValueError):
        house.disputes.open_dispute(house.stripe.intents()[0].id, figure, inquiry=inquiry)


def let_bank_judge(figure: int, house: MemoryHouse, *, won: bool) -> None:
    """Judge a dispute, even a second time, where the money it would take is left."""
    disputes = house.disputes.disputes()
    if disputes:
        with suppress(ValueError):
            house.disputes.close_dispute(disputes[figure % len(disputes)].id, won=won)


async def cancel(booking: Booking, house: MemoryHouse, *, staff_name: str | None) -> None:
    """Cancel as previewed, and see that exactly that is what comes back."""
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    offer = await preview_cancellation(cancelling, house.ports)
    before = {refund.id for refund in house.refunds(booking)}
    await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )
    owed = [one.amount_cents for one in house.refunds(booking) if one.id not in before]
    assert sum(owed) == offer.refund_cents <= offer.paid_cents
    assert house.crews_taken() == {}


async def deliver(house: MemoryHouse) -> None:
    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()


def check(booking: Booking, house: MemoryHouse) -> None:
    refunds = house.refunds(booking)
    counted = sum(one.amount_cents for one in refunds if one.status not in UNCOUNTED)
    gone = sum(one.amount_cents for one in house.stripe.refunds() if one.state in GONE_BACK)
    taken = sum(one.withdrawn_cents for one in house.disputes.disputes())
    money = BookingMoney.of(house.payments(booking), refunds, house.database.disputes.rows.values())
    assert counted <= CHARGED
    assert gone + taken <= CHARGED
    assert money.refunded_cents + money.pending_cents == counted
    assert 0 <= money.net_cents <= money.charged_cents == CHARGED


async def check_at_rest(booking: Booking, house: MemoryHouse) -> None:
    """See that we know of each dispute, and that with them no more is claimed than charged."""
    known = house.database.disputes.rows.values()
    at_stripe = {one.id: one.withdrawn_cents for one in house.disputes.disputes()}
    assert {one.stripe_dispute_id: one.withdrawn_cents for one in known} == at_stripe
    refunds = house.refunds(booking)
    counted = sum(one.amount_cents for one in refunds if one.status not in UNCOUNTED)
    disputed = sum(at_stripe.values())
    assert counted + disputed <= CHARGED
    async with house.ports.unit_of_work() as uow:
        balances = await uow.ledger.balances()
    requested = sum(one.amount_cents for one in refunds if one.status is RefundStatus.REQUESTED)
    assert sum(balances.values()) == 0
    assert balances[Account.STRIPE] == CHARGED - counted + requested - disputed


async def come_to_rest(house: MemoryHouse) -> None:
    """Let every event in and every retry run: the banks have nothing left to say."""
    for one in house.stripe.refunds():
        if one.state is RefundState.PENDING:
            house.stripe.settle_refund(one.id, succeeds=True)
    for _ in range(3):
        house.clock.advance(timedelta(hours=1))
        async with house.ports.unit_of_work() as uow:
            await uow.outbox.defer_due(now=house.clock(), limit=100)
            await uow.commit()
        await deliver(house)


def run(act: Coroutine[Any, Any, None]) -> None:
    asyncio.run(act)


@given(card=CARDS, acts=st.lists(ACTS, max_size=12), notice_hours=st.sampled_from([100, 47, 30, 3]))
def test_given_any_acts_when_money_goes_back_then_it_never_exceeds_the_charge(
    card: str, acts: list[tuple[str, int]], notice_hours: int
) -> None:
    async def story() -> None:
        house = await a_house()
        booking, _ = await a_paid_booking(house, card=card)
        house.clock.advance(PICKUP_AT - timedelta(hours=notice_hours) - house.clock())
        for name, figure in acts:
            try:
                await act(name, figure, booking, house)
            except DomainError as refusal:
                assert refusal.code  # noqa: PT017  any refusal will do; other errors fail the law
            check(booking, house)
        await come_to_rest(house)
        check(booking, house)
        ours = sum(
            one.amount_cents
            for one in house.refunds(booking)
            if one.status is RefundStatus.SUCCEEDED
        )
        theirs = [one for one in house.stripe.refunds() if one.state is RefundState.SUCCEEDED]
        assert ours == sum(one.amount_cents for one in theirs)
        await check_at_rest(booking, house)

    run(story())


@given(
    refunded=st.integers(0, CHARGED),
    notice=st.timedeltas(timedelta(minutes=1), PICKUP_AT - NOW),
    delay=st.timedeltas(timedelta(0), timedelta(days=7)),
)
def test_given_a_paid_booking_when_cancelled_later_then_the_refund_never_grows(
    refunded: int, notice: timedelta, delay: timedelta
) -> None:
    async def story() -> None:
        house = await a_house()
        booking, _ = await a_paid_booking(house)
        if refunded:
            await approve(await request(booking, house, amount_cents=refunded), house)

        offers: list[CancellationOffer] = []
        for at in sorted({PICKUP_AT - notice, PICKUP_AT - notice + delay}):
            if at < PICKUP_AT:
                house.clock.advance(max(at - house.clock(), timedelta(0)))
                cancelling = Cancelling(booking_id=booking.id)
                offers.append(await preview_cancellation(cancelling, house.ports))

        amounts = [offer.refund_cents for offer in offers]
        assert amounts == sorted(amounts, reverse=True)
        assert all(0 <= amount <= CHARGED - refunded for amount in amounts)
        assert house.booking(booking.id).status is BookingStatus.CONFIRMED

    run(story())
