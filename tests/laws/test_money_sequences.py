"""Any sequence of charges, cancellations, refunds and disputes: the money adds up at every step."""

import asyncio
import os
from collections.abc import Sequence
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.bookings.sample_books import book_with_code
from tests.laws.house_accounts import all_bookings, crews_needed, unearned
from tests.laws.money_acts import (
    ACTS,
    Act,
    all_refunds,
    book,
    book_into_account,
    come_to_rest,
    dispute,
    hear,
    judge,
    move,
    pay,
    pay_with_saved_card,
    send_back,
    settle,
)
from totetaxi_adapters.simulation.promises.at_rest import waits_for_its_day
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.gateway import RefundState
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.schedule import Schedule

SEQUENCES: Final = 10_000 if os.environ.get("TOTETAXI_SOAK") else 150
GONE_BACK: Final = frozenset({RefundState.PENDING, RefundState.SUCCEEDED})
POSTED: Final = frozenset({RefundStatus.SENT, RefundStatus.SUCCEEDED})
CENTS: Final = st.sampled_from([1, 50_000, 99_500, 99_501]) | st.integers(0, 100_000)
UNPAID: Final = ((book, 0),)
PAID: Final = (*UNPAID, (pay, 0), (settle, 0))
IN_ACCOUNT: Final = ((book_into_account, 1), (pay_with_saved_card, 2))
REFUNDING: Final = (*PAID, (send_back, 60_000), (hear, 0))
DISPUTED: Final = (*PAID, (dispute, 50_000), (hear, 0))
LOST: Final = (*DISPUTED, (judge, 1), (hear, 0))
MOVING: Final = (*PAID, (move, 2))
MOVED: Final = (*MOVING, (pay, 0), (settle, 1))
BEGINNINGS: Final = (UNPAID, PAID, IN_ACCOUNT, REFUNDING, DISPUTED, LOST, MOVING, MOVED)
STEPS: Final = st.lists(st.tuples(st.sampled_from(ACTS), CENTS, st.booleans()), max_size=25)


@settings(max_examples=SEQUENCES)
@given(begin=st.sampled_from(BEGINNINGS), steps=STEPS)
def test_given_any_sequence_when_money_moves_then_it_adds_up_at_each_step_and_in_the_end(
    begin: Sequence[tuple[Act, int]], steps: list[tuple[Act, int, bool]]
) -> None:
    async def story() -> None:
        schedule = Schedule(closed_weekdays=frozenset())
        house = await a_house(book=book_with_code(), schedule=schedule)
        for act, figure in begin:
            await act(house, figure)
        for act, figure, is_heard in steps:
            try:
                await act(house, figure)
            except DomainError as refusal:
                assert refusal.code  # noqa: PT017  any refusal will do; other errors fail the law
            if is_heard:
                await hear(house, 0)
            await check_step(house)
        await come_to_rest(house)
        await check_step(house)
        await check_at_rest(house)

    asyncio.run(story())


async def check_step(house: MemoryHouse) -> None:
    """No payment gives more than it brought, here or at Stripe, and the ledger says the same."""
    for payment in house.database.payments.rows.values():
        assert 0 <= counted_cents(payment, house) <= charged_cents(payment)
    for intent in house.stripe.intents():
        assert 0 <= gone_cents(intent.id, house) <= intent.amount_received_cents
    for booking in all_bookings(house):
        disputes = house.database.disputes.rows.values()
        money = BookingMoney.of(
            house.payments(booking),
            house.refunds(booking),
            [each for each in disputes if each.booking_id == booking.id],
        )
        assert money.net_cents <= money.charged_cents
    assert house.crews_taken() == crews_needed(house)
    assert unearned(house) == []
    await check_ledger(house)


async def check_ledger(house: MemoryHouse) -> None:
    """The trial balance is zero; what is at Stripe is what our rows say of it."""
    async with house.ports.unit_of_work() as uow:
        balances = await uow.ledger.balances()
        entries = [await uow.ledger.of_booking(each.id) for each in all_bookings(house)]
    charged = sum(charged_cents(each) for each in house.database.payments.rows.values())
    back = sum(each.amount_cents for each in all_refunds(house) if each.status in POSTED)
    disputed = sum(each.withdrawn_cents for each in house.database.disputes.rows.values())
    assert sum(balances.values()) == 0
    assert sum(total_in(Account.STRIPE, each) for each in entries) == charged - back - disputed
    assert balances.get(Account.STRIPE, 0) == charged - back - disputed


async def check_at_rest(house: MemoryHouse) -> None:
    """Nothing is owed any more, and we know of every cent what Stripe knows."""
    async with house.ports.unit_of_work() as uow:
        balances = await uow.ledger.balances()
    received = sum(each.amount_received_cents for each in house.stripe.intents())
    gone = sum(gone_cents(each.id, house) for each in house.stripe.intents())
    effects = [row.effect for row in house.database.effects.rows.values()]
    assert balances.get(Account.STRIPE, 0) == received - gone
    undone = [each for each in effects if each.state is not EffectState.DONE]
    assert [each for each in undone if not waits_for_its_day(each)] == []
    for payment in house.database.payments.rows.values():
        disputed = disputed_cents(payment, house)
        assert counted_cents(payment, house) + disputed <= charged_cents(payment)
        if payment.purpose is PaymentPurpose.DUPLICATE:
            assert payment.id in {each.payment_id for each in all_refunds(house)}


def charged_cents(payment: Payment) -> int:
    return payment.amount_cents if payment.status is PaymentStatus.SUCCEEDED else 0


def counted_cents(payment: Payment, house: MemoryHouse) -> int:
    """Return what refunds have claimed of the payment."""
    return sum(
        each.amount_cents
        for each in all_refunds(house)
        if each.payment_id == payment.id and each.status not in UNCOUNTED
    )


def disputed_cents(payment: Payment, house: MemoryHouse) -> int:
    disputes = house.database.disputes.rows.values()
    return sum(each.withdrawn_cents for each in disputes if each.payment_id == payment.id)


def gone_cents(intent_id: str, house: MemoryHouse) -> int:
    """Return what has left the intent at Stripe, to its payer or a bank."""
    refunds = [each for each in house.stripe.refunds() if each.intent_id == intent_id]
    disputes = [each for each in house.disputes.disputes() if each.intent_id == intent_id]
    back = sum(each.amount_cents for each in refunds if each.state in GONE_BACK)
    return back + sum(each.withdrawn_cents for each in disputes)
