from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.adapters.stripe.orders import intent_order, refund_order
from tests.builders import NOW
from tests.contracts.payment_worlds import (
    MemoryPaymentWorld,
    PaymentWorld,
    stripe_sandbox_world,
)
from totetaxi_adapters.memory.cards import DISPUTED, DISPUTED_AS_NOT_RECEIVED, INQUIRED, PAYS
from totetaxi_core.payments.dispute_gateway import (
    DisputeNotFoundError,
    DisputeState,
    ProviderDispute,
)
from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentIntent,
    PaymentUnavailableError,
)

PAID = 99_500
EVIDENCE_TIME = timedelta(days=9)


@pytest.fixture(params=["memory", "stripe-sandbox"])
def sandbox_url(request: pytest.FixtureRequest) -> str | None:
    """Return the database of the sandbox; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def world(sandbox_url: str | None) -> AsyncIterator[PaymentWorld]:
    if sandbox_url is None:
        yield MemoryPaymentWorld()
        return
    async with stripe_sandbox_world(sandbox_url) as sandbox:
        yield sandbox


async def paid_intent(world: PaymentWorld, card: str) -> PaymentIntent:
    made = await world.gateway.create_intent(intent_order(amount_cents=PAID))
    await world.pay(made.id, card)
    return await world.gateway.get_intent(made.id)


async def closed(world: PaymentWorld, intent: PaymentIntent, *, won: bool) -> ProviderDispute:
    dispute = await world.disputed(intent.id)
    await world.close_dispute(dispute.id, won=won)
    return await world.disputes.get_dispute(dispute.id)


@pytest.mark.parametrize(
    ("card", "reason"),
    [(DISPUTED, "fraudulent"), (DISPUTED_AS_NOT_RECEIVED, "product_not_received")],
)
async def test_given_a_card_that_disputes_when_it_paid_then_the_bank_has_the_money(
    world: PaymentWorld, card: str, reason: str
) -> None:
    intent = await paid_intent(world, card)

    dispute = await world.disputed(intent.id)

    assert dispute == ProviderDispute(
        id=dispute.id,
        state=DisputeState.NEEDS_RESPONSE,
        amount_cents=PAID,
        withdrawn_cents=PAID,
        intent_id=intent.id,
        charge_id=intent.charge_id,
        reason=reason,
        is_refundable=False,
        due_by=NOW + EVIDENCE_TIME,
        created_at=NOW,
    )
    assert await world.disputes.find_disputes(intent.id) == (dispute,)
    with pytest.raises(PaymentDeclinedError):
        await world.gateway.create_refund(refund_order(intent.id, 1))


async def test_given_a_card_that_inquires_when_it_paid_then_no_money_moved_and_a_refund_may(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, INQUIRED)

    dispute = await world.disputed(intent.id)
    refund = await world.gateway.create_refund(refund_order(intent.id, PAID))

    assert (dispute.state, dispute.withdrawn_cents) == (DisputeState.WARNING_NEEDS_RESPONSE, 0)
    assert (dispute.amount_cents, dispute.is_refundable) == (PAID, True)
    assert refund.amount_cents == PAID


async def test_given_a_dispute_when_won_then_the_money_is_back_and_may_be_refunded(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, DISPUTED)

    won = await closed(world, intent, won=True)
    refund = await world.gateway.create_refund(refund_order(intent.id, PAID))

    assert (won.state, won.withdrawn_cents) == (DisputeState.WON, 0)
    assert refund.amount_cents == PAID


async def test_given_a_dispute_when_lost_then_the_money_stays_away_and_none_is_refunded(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, DISPUTED)

    lost = await closed(world, intent, won=False)

    assert (lost.state, lost.withdrawn_cents) == (DisputeState.LOST, PAID)
    with pytest.raises(PaymentDeclinedError):
        await world.gateway.create_refund(refund_order(intent.id, 1))


@pytest.mark.parametrize(
    ("won", "state", "withdrawn"),
    [(True, DisputeState.WARNING_CLOSED, 0), (False, DisputeState.LOST, PAID)],
)
async def test_given_an_inquiry_when_closed_then_only_a_lost_one_takes_the_money(
    world: PaymentWorld, state: DisputeState, withdrawn: int, *, won: bool
) -> None:
    intent = await paid_intent(world, INQUIRED)

    dispute = await closed(world, intent, won=won)

    assert (dispute.state, dispute.withdrawn_cents) == (state, withdrawn)


async def test_given_no_dispute_when_looked_for_then_there_is_none(world: PaymentWorld) -> None:
    intent = await paid_intent(world, PAYS)

    found = await world.disputes.find_disputes(intent.id)

    assert found == ()
    with pytest.raises(DisputeNotFoundError) as refusal:
        await world.disputes.get_dispute("dp_1unknown")
    assert refusal.value.code == "dispute_not_found"


async def test_given_no_answer_when_a_dispute_is_asked_for_then_it_is_unavailable(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, DISPUTED)
    dispute = await world.disputed(intent.id)
    await world.lose_next_call(acts=False)

    with pytest.raises(PaymentUnavailableError):
        await world.disputes.get_dispute(dispute.id)

    assert await world.disputes.get_dispute(dispute.id) == dispute
