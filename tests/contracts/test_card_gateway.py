from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.adapters.stripe.orders import intent_order
from tests.builders import an_id
from tests.contracts.card_worlds import CardWorld, MemoryCardWorld, stripe_card_world
from totetaxi_adapters.memory.cards import (
    DECLINES,
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL,
    NEEDS_APPROVAL_ONCE,
    PAYS,
    TAKES_TIME,
)
from totetaxi_core.customers.card_gateway import (
    CardNotFoundError,
    CustomerOrder,
    ProviderCard,
    SetupStatus,
)
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PayerGoneError,
    PaymentDeclinedError,
    PaymentIntent,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)


@pytest.fixture(params=["memory", "stripe-sandbox"])
def sandbox_url(request: pytest.FixtureRequest) -> str | None:
    """Return the database of the sandbox; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def world(sandbox_url: str | None) -> AsyncIterator[CardWorld]:
    if sandbox_url is None:
        yield MemoryCardWorld()
        return
    async with stripe_card_world(sandbox_url) as sandbox:
        yield sandbox


def a_customer_order() -> CustomerOrder:
    return CustomerOrder(customer_id=an_id(), email="ada@example.com", full_name="Ada Customer")


async def a_customer(world: CardWorld) -> str:
    return await world.cards.create_customer(a_customer_order())


async def saved(world: CardWorld, owner: str, card: str = PAYS) -> ProviderCard:
    """Save a card, approving whatever its bank asks."""
    setup = await world.cards.create_setup_intent(owner, key=f"setup:{an_id()}")
    assert await world.set_up(setup.id, card)
    if (await world.cards.get_setup_intent(setup.id)).status is SetupStatus.REQUIRES_ACTION:
        await world.decide_setup(setup.id, approve=True)
    done = await world.cards.get_setup_intent(setup.id)
    assert done.stripe_payment_method_id is not None
    return await world.cards.get_payment_method(done.stripe_payment_method_id)


async def an_intent(world: CardWorld, owner: str | None) -> PaymentIntent:
    return await world.payments.create_intent(replace(intent_order(), stripe_customer_id=owner))


async def test_given_a_customer_when_made_again_then_the_key_brings_the_same_one(
    world: CardWorld,
) -> None:
    order = a_customer_order()
    await world.lose_next_call(acts=True)

    with pytest.raises(PaymentUnavailableError):
        await world.cards.create_customer(order)
    first = await world.cards.create_customer(order)
    second = await world.cards.create_customer(replace(order, full_name="Augusta", email="a@b.de"))

    assert first == second
    assert await a_customer(world) != first


async def test_given_a_deleted_customer_when_made_again_then_its_key_brings_no_other(
    world: CardWorld,
) -> None:
    order = a_customer_order()
    await world.cards.delete_customer(await world.cards.create_customer(order))

    with pytest.raises(CardNotFoundError):
        await world.cards.create_customer(order)


async def test_given_a_setup_when_its_card_is_saved_then_the_customer_has_it(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    setup = await world.cards.create_setup_intent(owner, key="setup:1")

    assert setup.status is SetupStatus.REQUIRES_PAYMENT_METHOD
    assert setup.client_secret.startswith(setup.id)
    assert await world.set_up(setup.id, PAYS)

    done = await world.cards.get_setup_intent(setup.id)
    [card] = await world.cards.list_payment_methods(owner)
    assert (done.status, done.stripe_customer_id) == (SetupStatus.SUCCEEDED, owner)
    assert done.stripe_payment_method_id == card.id
    assert card == ProviderCard(
        id=card.id,
        stripe_customer_id=owner,
        brand="visa",
        last_four="4242",
        exp_month=12,
        exp_year=2034,
    )
    assert await world.cards.get_payment_method(card.id) == card
    assert not await world.set_up(setup.id, PAYS)


async def test_given_a_setup_s_key_when_repeated_then_it_is_the_same_setup(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)

    first = await world.cards.create_setup_intent(owner, key="setup:1")
    again = await world.cards.create_setup_intent(owner, key="setup:1")
    other = await world.cards.create_setup_intent(owner, key="setup:2")

    assert first.id == again.id != other.id


async def test_given_a_declined_card_when_set_up_then_nothing_is_saved(world: CardWorld) -> None:
    owner = await a_customer(world)
    setup = await world.cards.create_setup_intent(owner, key="setup:1")

    await world.set_up(setup.id, DECLINES)

    after = await world.cards.get_setup_intent(setup.id)
    assert after.status is SetupStatus.REQUIRES_PAYMENT_METHOD
    assert await world.cards.list_payment_methods(owner) == ()


@pytest.mark.parametrize("approve", [True, False])
async def test_given_a_bank_that_asks_when_set_up_then_its_payer_decides(
    world: CardWorld, *, approve: bool
) -> None:
    owner = await a_customer(world)
    setup = await world.cards.create_setup_intent(owner, key="setup:1")
    await world.set_up(setup.id, NEEDS_APPROVAL_ONCE)
    waiting = await world.cards.get_setup_intent(setup.id)

    await world.decide_setup(setup.id, approve=approve)

    assert waiting.status is SetupStatus.REQUIRES_ACTION
    assert len(await world.cards.list_payment_methods(owner)) == (1 if approve else 0)


async def test_given_three_cards_when_listed_then_they_come_newest_first(world: CardWorld) -> None:
    owner = await a_customer(world)
    other = await a_customer(world)
    cards = [await saved(world, owner) for _ in range(3)]
    await saved(world, other)

    listed = await world.cards.list_payment_methods(owner)

    assert [card.id for card in listed] == [card.id for card in reversed(cards)]


async def test_given_a_card_when_detached_twice_then_it_is_nobody_s(world: CardWorld) -> None:
    owner = await a_customer(world)
    card = await saved(world, owner)

    await world.cards.detach(card.id)
    await world.cards.detach(card.id)
    await world.cards.detach("pm_none")

    assert await world.cards.list_payment_methods(owner) == ()
    assert (await world.cards.get_payment_method(card.id)).stripe_customer_id is None


async def test_given_a_customer_when_deleted_twice_then_the_cards_are_nobody_s(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    card = await saved(world, owner)

    await world.cards.delete_customer(owner)
    await world.cards.delete_customer(owner)

    assert (await world.cards.get_payment_method(card.id)).stripe_customer_id is None
    with pytest.raises(CardNotFoundError):
        await world.cards.list_payment_methods(owner)
    with pytest.raises(CardNotFoundError):
        await world.cards.create_setup_intent(owner, key="setup:1")
    with pytest.raises(PayerGoneError):
        await an_intent(world, owner)


async def test_given_nothing_of_this_id_when_asked_for_then_it_is_not_found(
    world: CardWorld,
) -> None:
    for asked in (
        world.cards.get_setup_intent("seti_none"),
        world.cards.get_payment_method("pm_none"),
        world.cards.list_payment_methods("cus_none"),
        world.cards.create_setup_intent("cus_none", key="setup:1"),
    ):
        with pytest.raises(CardNotFoundError):
            await asked
    with pytest.raises(PayerGoneError):
        await an_intent(world, "cus_none")
    with pytest.raises(IntentNotFoundError):
        await world.payments.confirm_intent("pi_none", stripe_payment_method_id="pm_none")


async def test_given_a_missing_payer_when_the_key_is_used_again_then_it_makes_the_intent(
    world: CardWorld,
) -> None:
    order = replace(intent_order(), stripe_customer_id="cus_none")
    with pytest.raises(PayerGoneError):
        await world.payments.create_intent(order)

    made = await world.payments.create_intent(replace(order, stripe_customer_id=None))

    assert made.stripe_customer_id is None


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (PAYS, IntentStatus.SUCCEEDED),
        (NEEDS_APPROVAL_ONCE, IntentStatus.SUCCEEDED),
        (NEEDS_APPROVAL, IntentStatus.REQUIRES_ACTION),
        (TAKES_TIME, IntentStatus.PROCESSING),
        (DECLINES_ONCE_SAVED, IntentStatus.REQUIRES_PAYMENT_METHOD),
    ],
)
async def test_given_a_saved_card_when_an_intent_is_confirmed_then_its_bank_decides(
    world: CardWorld, number: str, status: IntentStatus
) -> None:
    owner = await a_customer(world)
    card = await saved(world, owner, number)
    made = await an_intent(world, owner)

    intent = await world.payments.confirm_intent(made.id, stripe_payment_method_id=card.id)

    is_declined = status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert intent.id == made.id
    assert (intent.status, intent.stripe_customer_id) == (status, owner)
    assert intent.stripe_payment_method_id == (None if is_declined else card.id)
    assert (intent.decline_message is not None) is is_declined
    assert intent.amount_received_cents == (
        made.amount_cents if status is IntentStatus.SUCCEEDED else 0
    )


async def test_given_a_bank_that_asks_when_the_payer_approves_then_it_is_paid_with_that_card(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    card = await saved(world, owner, NEEDS_APPROVAL)
    made = await an_intent(world, owner)
    await world.payments.confirm_intent(made.id, stripe_payment_method_id=card.id)

    await world.decide(made.id, approve=True)

    intent = await world.payments.get_intent(made.id)
    assert intent.status is IntentStatus.SUCCEEDED
    assert (intent.stripe_payment_method_id, intent.card_last_four) == (card.id, "3184")


async def test_given_a_declined_card_when_another_confirms_the_intent_then_it_is_paid(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    bad, good = await saved(world, owner, DECLINES_ONCE_SAVED), await saved(world, owner)
    made = await an_intent(world, owner)
    await world.payments.confirm_intent(made.id, stripe_payment_method_id=bad.id)

    intent = await world.payments.confirm_intent(made.id, stripe_payment_method_id=good.id)

    assert intent.status is IntentStatus.SUCCEEDED
    assert intent.decline_message is None


async def test_given_a_paid_or_cancelled_intent_when_confirmed_then_it_stays_as_it_is(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    card = await saved(world, owner)
    paid, ended = await an_intent(world, owner), await an_intent(world, owner)
    await world.payments.confirm_intent(paid.id, stripe_payment_method_id=card.id)
    await world.payments.cancel_intent(ended.id)

    again = await world.payments.confirm_intent(paid.id, stripe_payment_method_id=card.id)
    gone = await world.payments.confirm_intent(ended.id, stripe_payment_method_id=card.id)

    assert (again.status, again.amount_received_cents) == (
        IntentStatus.SUCCEEDED,
        paid.amount_cents,
    )
    assert gone.status is IntentStatus.CANCELED


async def test_given_a_card_that_is_not_the_payer_s_when_confirmed_then_it_is_refused(
    world: CardWorld,
) -> None:
    owner, other = await a_customer(world), await a_customer(world)
    theirs, detached = await saved(world, other), await saved(world, owner)
    await world.cards.detach(detached.id)
    made = await an_intent(world, owner)

    for card_id in (theirs.id, detached.id, "pm_none"):
        with pytest.raises(PaymentDeclinedError):
            await world.payments.confirm_intent(made.id, stripe_payment_method_id=card_id)

    assert (await world.payments.get_intent(made.id)).amount_received_cents == 0


async def test_given_a_key_when_used_for_another_payer_then_a_person_must_look(
    world: CardWorld,
) -> None:
    owner = await a_customer(world)
    order = intent_order()
    await world.payments.create_intent(order)

    with pytest.raises(PaymentMisconfiguredError):
        await world.payments.create_intent(replace(order, stripe_customer_id=owner))
