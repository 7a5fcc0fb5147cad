from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests.adapters.stripe.orders import intent_order, refund_order
from tests.builders import NOW
from totetaxi_adapters.memory.cards import DECLINES, PAYS, REFUND_TAKES_TIME
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.payment_events import MemoryPaymentEventReader
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import (
    PaymentEvent,
    PaymentUnavailableError,
    WebhookSignatureError,
)

EVENT = PaymentEvent(
    id="evt_1", kind="payment_intent.succeeded", intent_id="pi_1", provider_refund_id=None
)


def a_gateway(*, seed: int = 1) -> MemoryPaymentGateway:
    ids = IdSource(Random(seed))  # noqa: S311  a seed, so that a run can be repeated
    return MemoryPaymentGateway(ids=ids, clock=SettableClock(NOW))


async def test_given_the_same_seed_when_the_same_is_done_then_the_answers_are_equal() -> None:
    order = intent_order()

    answers = []
    for gateway in (a_gateway(), a_gateway(), a_gateway(seed=2)):
        made = await gateway.create_intent(order)
        answers.append(gateway.pay(made.id, PAYS))

    assert answers[0] == answers[1]
    assert answers[0].id != answers[2].id


async def test_given_a_lasting_outage_when_it_ends_then_calls_pass_again() -> None:
    gateway, order = a_gateway(), intent_order()
    gateway.outages.last(Outage.AFTER_ACTING)

    for _ in range(3):
        with pytest.raises(PaymentUnavailableError):
            await gateway.create_intent(order)
    gateway.outages.end()

    assert await gateway.create_intent(order) == gateway.intents()[0]
    assert len(gateway.intents()) == 1


async def test_given_planned_outages_when_called_then_each_hits_one_call() -> None:
    gateway = a_gateway()
    gateway.outages.plan(Outage.BEFORE_ACTING, None, Outage.BEFORE_ACTING)

    outcomes = []
    for _ in range(4):
        try:
            await gateway.create_intent(intent_order())
            outcomes.append(True)
        except PaymentUnavailableError:
            outcomes.append(False)

    assert outcomes == [False, True, False, True]


async def test_given_payers_and_banks_at_work_when_events_are_taken_then_they_tell_it() -> None:
    gateway = a_gateway()
    intent = await gateway.create_intent(intent_order())
    gateway.pay(intent.id, DECLINES)
    gateway.pay(intent.id, REFUND_TAKES_TIME)
    refund = await gateway.create_refund(refund_order(intent.id, 100))
    gateway.settle_refund(refund.id, succeeds=False)

    events = gateway.take_events()

    assert [event.kind for event in events] == [
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.succeeded",
        "refund.created",
        "refund.failed",
    ]
    assert {event.intent_id for event in events[:3]} == {intent.id}
    assert [event.is_of_new_intent for event in events] == [True, False, False, False, False]
    assert {event.provider_refund_id for event in events[3:]} == {refund.id}
    assert gateway.take_events() == ()


async def test_given_a_paid_intent_when_paid_again_then_it_is_an_error() -> None:
    gateway = a_gateway()
    intent = await gateway.create_intent(intent_order())
    gateway.pay(intent.id, PAYS)

    with pytest.raises(ValueError, match="succeeded"):
        gateway.pay(intent.id, PAYS)
    with pytest.raises(ValueError, match="no decision"):
        gateway.decide(intent.id, approve=True)


def test_given_a_sent_event_when_read_then_it_is_equal_for_five_minutes() -> None:
    clock = SettableClock(NOW)
    reader = MemoryPaymentEventReader("secret", clock=clock)
    body, signature = reader.send(EVENT)

    clock.advance(timedelta(minutes=5))
    read = reader.read(body, signature)
    clock.advance(timedelta(microseconds=1))

    assert read == EVENT
    with pytest.raises(WebhookSignatureError) as refusal:
        reader.read(body, signature)
    assert refusal.value.code == "invalid_signature"


@pytest.mark.parametrize("altered", ["body", "stamp", "secret", "nothing signed"])
def test_given_an_event_not_signed_for_us_when_read_then_it_is_refused(altered: str) -> None:
    clock = SettableClock(NOW)
    reader = MemoryPaymentEventReader("secret", clock=clock)
    body, signature = reader.send(EVENT)
    if altered == "body":
        body, _ = reader.send(replace(EVENT, intent_id="pi_2"))
    elif altered == "stamp":
        signature = signature.replace("2026", "2027")
    elif altered == "secret":
        body, signature = MemoryPaymentEventReader("other", clock=clock).send(EVENT)
    else:
        signature = ""

    with pytest.raises(WebhookSignatureError):
        reader.read(body, signature)
