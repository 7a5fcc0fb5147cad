from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.adapters.stripe.orders import intent_order, refund_order
from tests.builders import NOW
from tests.contracts.payment_worlds import (
    MemoryPaymentWorld,
    PaymentWorld,
    StripeSandboxWorld,
    stripe_sandbox_world,
)
from totetaxi_adapters.memory.cards import DISPUTED, PAYS
from totetaxi_adapters.memory.payment_records import MemoryPaymentRecords
from totetaxi_adapters.stripe import StripePaymentRecords, payment_records
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent, PaymentUnavailableError
from totetaxi_core.payments.payment_records import PaymentRecords

HOUR = timedelta(hours=1)
LONG_AFTER = NOW + timedelta(days=9)


@pytest.fixture(params=["memory", "stripe-sandbox"])
def sandbox_url(request: pytest.FixtureRequest) -> str | None:
    """Return the database of the sandbox; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def world(
    sandbox_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[MemoryPaymentWorld | StripeSandboxWorld]:
    """A provider whose lists come in pages of two."""
    monkeypatch.setattr(payment_records, "PAGE_SIZE", 2)
    if sandbox_url is None:
        yield MemoryPaymentWorld()
        return
    async with stripe_sandbox_world(sandbox_url) as sandbox:
        yield sandbox


@pytest.fixture
def records(world: MemoryPaymentWorld | StripeSandboxWorld) -> PaymentRecords:
    if isinstance(world, MemoryPaymentWorld):
        return MemoryPaymentRecords(world.gateway)
    return StripePaymentRecords(world.gateway.connection)


async def an_intent(world: PaymentWorld, *, card: str | None = None) -> PaymentIntent:
    made = await world.gateway.create_intent(intent_order())
    if card is not None:
        await world.pay(made.id, card)
    return await world.gateway.get_intent(made.id)


async def test_given_more_intents_than_a_page_when_listed_then_each_comes_once_as_it_stands(
    world: PaymentWorld, records: PaymentRecords
) -> None:
    paid = await an_intent(world, card=PAYS)
    made = [await an_intent(world) for _ in range(4)]

    listed = [one async for one in records.intents(created_from=NOW, created_until=LONG_AFTER)]

    assert sorted(one.id for one in listed) == sorted(one.id for one in (paid, *made))
    assert [one for one in listed if one.status is IntentStatus.SUCCEEDED] == [paid]
    assert paid.charged_at == NOW


async def test_given_intents_around_a_span_when_listed_then_its_begin_is_in_and_its_end_is_not(
    world: PaymentWorld, records: PaymentRecords
) -> None:
    made = []
    for _ in range(3):
        made.append(await an_intent(world))
        world.clock.advance(HOUR)

    listed = records.intents(created_from=NOW + HOUR, created_until=NOW + 2 * HOUR)

    assert [one.id async for one in listed] == [made[1].id]


async def test_given_refunds_of_many_intents_when_listed_then_all_come_with_when_they_were_made(
    world: PaymentWorld, records: PaymentRecords
) -> None:
    made = []
    for _ in range(3):
        paid = await an_intent(world, card=PAYS)
        made.append(await world.gateway.create_refund(refund_order(paid.id, 1_000)))
        world.clock.advance(HOUR)

    listed = [one async for one in records.refunds(created_from=NOW, created_until=LONG_AFTER)]
    late = records.refunds(created_from=NOW + HOUR, created_until=LONG_AFTER)

    assert sorted(one.id for one in listed) == sorted(one.id for one in made)
    assert {one.created_at for one in listed} == {NOW, NOW + HOUR, NOW + 2 * HOUR}
    assert {one.refund_id for one in listed} == {one.refund_id for one in made}
    assert {one.id async for one in late} == {one.id for one in made[1:]}


async def test_given_a_dispute_when_listed_then_it_comes_as_it_stands(
    world: PaymentWorld, records: PaymentRecords
) -> None:
    paid = await an_intent(world, card=DISPUTED)
    dispute = await world.disputed(paid.id)

    listed = [one async for one in records.disputes(created_from=NOW, created_until=LONG_AFTER)]
    earlier = records.disputes(created_from=NOW - HOUR, created_until=NOW)

    assert listed == [dispute]
    assert listed[0].intent_id == paid.id
    assert [one.id async for one in earlier] == []


async def test_given_a_silent_provider_when_listed_then_the_iteration_says_so(
    world: PaymentWorld, records: PaymentRecords
) -> None:
    await world.lose_next_call(acts=False)

    with pytest.raises(PaymentUnavailableError):
        await anext(records.intents(created_from=NOW, created_until=LONG_AFTER))
